"""Ensembles on a cluster that a class may have: Dask, here with two local processes."""

import os

import numpy as np
import pytest

from smlib.lorenz96 import L96, integrate_l96
from smlib.soft_disks import quench_order
from smlib.workers import mapper

distributed = pytest.importorskip("distributed", reason="Dask, the cluster, is not installed")


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_the_work_is_done_by_the_cluster(client):
    with mapper(client.map) as spread:
        found = set(spread(lambda _: os.getpid(), range(8)))
    assert os.getpid() not in found
    assert found <= set(client.run(os.getpid).values())


def test_a_climate_is_the_same(client):
    """150 members are three blocks of work."""

    def climate(workers):
        run = integrate_l96(L96(J=4), 0.1, n_members=150, spinup=0.1, seed=5, workers=workers)
        return run.X, run.U, *run.state

    for one, other in zip(climate(1), climate(client.map), strict=True):
        np.testing.assert_array_equal(one, other)


def test_quenches_are_the_same(client):
    settings = {"seeds": (3, 1), "n_side": 8, "n_steps": 50}
    alone = quench_order([0.0, 0.1], **settings)
    np.testing.assert_array_equal(alone, quench_order([0.0, 0.1], workers=client.map, **settings))
