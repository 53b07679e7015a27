"""Cheap valid calls of every public function and class of `smlib`, and what is known of them."""

from dataclasses import asdict

import numpy as np

from smlib import pressure_alloying, scales, utility_anchoring
from smlib.closures import Closure
from smlib.graph_normalization import load_graph
from smlib.labor import PLANES, PelvicPlane, head_shadow
from smlib.lorenz96 import L96
from smlib.metallic_glass import GlassFormer
from smlib.nephrons import NephronLaw
from smlib.pediatric_kidney import GRAFTS
from smlib.pinn import SteadyPINN, UnsteadyPINN
from smlib.solution_strengthening import Core
from smlib.viscoelastic import FLUIDS
from smlib.viscoelastic_solvers import step_matrix

_RNG = np.random.default_rng(0)
_IRON, _MAGNESIUM = (
    pressure_alloying.equation_of_state("Fe"),
    pressure_alloying.equation_of_state("Mg"),
)
_MURNAGHAN = pressure_alloying.EquationOfState(11.2, 163.4, 5.4, "murnaghan")
_BIRCH = pressure_alloying.EquationOfState(22.0, 36.0, 3.5, "birch-murnaghan")
_STEP, _ = step_matrix(FLUIDS["peo"], 4)
_SCALES = {"small": scales.Scale("grain", 1.0, "m"), "large": scales.Scale("cell", 50.0, "m")}
_PINN, _CLOUD = (
    SteadyPINN(10, 1, layers=(1, 3, 1), n_colloc=5),
    UnsteadyPINN(10, 1, layers=(2, 3, 1), n_colloc=5),
)
_THETA, _CLOUD_THETA = _PINN.init(), _CLOUD.init()
_STORM = {"X": np.cumsum(_RNG.standard_normal((12, 2, 4)), axis=0), "dt": 0.01}
_MELT, _CLOSURE = GlassFormer(), Closure((0.0, 0.5), 0.1, 0.1, 0.9, (-5.0, 10.0))
_LAW = {"rate_median_cm_h": 1.4, "rate_log_sd": 0.6, "lag_mean_h": 2.0, "reading_sd_cm": 0.75}
_NEPHRONS = {"nephrons": 9e5, **asdict(NephronLaw())}
_TRIAL = {"times_h": [0.0, 2.0], "readings_cm": [4.0, 5.0]}
_HEADS = {"Q": [[2.0, 1.0]], "K": [[0.0, 1.0], [0.5, 1.0]], "V": [[0.0], [1.0]], "scale": 0.7}
_SAMPLES = [[0.0, 1.0], [2.0, 5.0], [4.0, 3.0], [5.0, 8.0]]
_WAVE = np.tile(-np.sin(np.linspace(0, 2 * np.pi, 16, endpoint=False)), (4, 1))
_LINE = {"force": _WAVE, "spacing": (0.5, 0.5), "tension": 1.0, "max_steps": 2000}
_POINTS = _RNG.random((12, 2))
_PEOPLE = utility_anchoring.simulate_people(n=5)
_RULES = ("naive", "anchored", "anchored_power")

#: Classes that are only returned, or hold rows of a table: users do not construct them.
RETURNED = {
    "attention": ("RetrievalRun", "RetrievalStep", "SoftmaxStats"),
    "doping": ("Dopant", "EpitaxialState"),
    "elements": ("Alloy", "Element"),
    "feature_scaling": ("LandCover",),
    "graph_normalization": ("Smoothing",),
    "labor": ("Labors",),
    "lorenz96": ("Run",),
    "soft_disks": ("Quench", "QuenchStep"),
    "nephrons": ("Course",),
    "pediatric_kidney": ("PressureDrops",),
    "pinn_training": ("PINNRun", "TrainingStep"),
    "point_defect": ("DefectField", "KeatingResult"),
    "random_landscape": ("CoreResponse",),
    "rescaling": ("FieldExample",),
    "size_mismatch": ("Field",),
    "solution_strengthening": ("CantorAlloy", "Core", "VLC"),
    "utility_anchoring": ("People",),
}

#: What a call gives; the rest are the defaults of the signature, or what its rules admit, and what
#: does not stand here is called with these alone. An empty list: not called with what users give.
CALLS = {
    "checks": {"checked": [], "extra": [], "first": [], "plain": []},
    "workers": {"mapper": [dict(workers=1)]},
    "notebook": {
        "default": [],
        "glue": [{}],
    },
    "scales": {
        "Scale": [dict(name="cell", unit="m")],
        "Mismatch": [
            dict(
                chapter="climate_grid",
                system="a storm",
                **_SCALES,
                regime="separated",
                remedy="average",
                breaks="it",
                critical=2.0,
                exponent=0.5,
                leverage=2.0,
                source="x",
            )
        ],
        "Mismatch.sentence": [
            dict(
                self=scales.Mismatch("a", "b", *_SCALES.values(), "size", "matched", "bug", "adapt")
            )
        ],
    },
    "elements": {
        "element": [dict(symbol="Cu")],
        "fractions": [dict(composition="CuNi"), dict(composition={"Cu": 1.0, "Ni": 2})],
        "pair_enthalpy": [dict(a="Cu", b="Ni")],
        "parse_formula": [dict(text="Al0.5CoNi0.5")],
        "read_table": [dict(name="alloys.csv")],
        "values": [dict(prop="K", symbols=["Cu", "Ni"])],
    },
    "size_mismatch": {"hume_rothery": [dict(hosts=["Cu", "Ni"])]},
    "high_entropy_alloys": {
        "confusion": [dict(predicted=[1, 0, 1, 0], label=[1, 1, 0, 0])],
        "delta": [
            dict(composition="CoCrFeMnNi"),
            dict(composition=["CuNi", {"Fe": 1, "Al": 2.0}], radii="r_cn12"),
        ],
        "elastic_limit": [dict(composition="CoCrFeMnNi")],
        "melting_temperature": [dict(composition="CoCrFeMnNi"), dict(composition=["CuNi"])],
        "mixing_enthalpy": [dict(composition="CoCrFeMnNi"), dict(composition={"Cu": 1, "Ni": 1})],
        "mixing_entropy": [dict(composition="CoCrFeMnNi")],
        "omega": [dict(composition="CoCrFeMnNi"), dict(composition=["CuNi", "CoFe"])],
        "roc": [dict(score=[0.9, 0.8, 0.3], label=[1, 0, 0])],
        "rule_predicts": [dict(name="Guo 2013", composition=["CoCrFeMnNi", "CuNi"])],
        "strain_energy": [dict(composition="CoCrFeMnNi")],
        "vec": [dict(composition="CoCrFeMnNi")],
    },
    "rescaling": {
        "compare_invariants": [dict(a=[[2, 1], [1, 3]], b=[[8, 2], [2, 3]])],
        "diagonal_rescale": [dict(matrix=[[1e4, 30], [30, 1]], right=[100, 1])],
        "effective_condition": [dict(matrix=[[1e4, 30], [30, 1]])],
    },
    "doping": {
        "critical_thickness": [
            dict(model=model) for model in ("matthews-blakeslee", "people-bean")
        ],
    },
    "point_defect": {"keating_relax": [dict(n=2, free_volume=True)]},
    "pressure_alloying": {
        "EquationOfState": [dict(), dict(form="birch-murnaghan")],
        **{
            f"EquationOfState.{method}": [
                {"self": each, name: [0.9 * each.V0, each.V0] if name == "V" else [0.0, 5.0]}
                for each in (_IRON, _MURNAGHAN, _BIRCH)
            ]
            for method, name in (
                ("pressure", "V"),
                ("energy", "V"),
                ("volume", "P"),
                ("bulk_modulus", "P"),
                ("radius", "P"),
            )
        },
        "crossing_pressure": [dict(big=_MAGNESIUM, small=_IRON)],
        "equation_of_state": [dict(name="Fe")],
        "misfit_enthalpy": [
            dict(solute=_MAGNESIUM, host=_IRON, linear=linear) for linear in (True, False)
        ],
        "size_mismatch": [dict(big=_MAGNESIUM, small=_IRON, reference="mean")],
    },
    "boundary_layer": {
        "exact_solution": [dict(problem=problem) for problem in ("special", "generic")],
        "expansion": [
            dict(part=part, problem="generic") for part in ("composite", "outer", "inner")
        ],
        "layer_mesh": [dict(kind=kind) for kind in ("shishkin", "bakhvalov")],
        "mesh_error": [dict(mesh=[0, 0.1, 0.5, 1], u=[0, 2.0, 1.5, 1])],
        "separation_exponent": [dict(ratio=[10, 100, 1000], error=[0.2, 0.02, 0.003])],
        "solve_layer": [
            dict(mesh=[0, 0.1, 0.5, 1], scheme=scheme, problem="generic")
            for scheme in ("upwind", "central")
        ],
        "spectral_gap": [dict(scales=[1.0, 3.0, 1000.0], weights=[1.0, 2.0, 1.0])],
    },
    "layered_media": {
        "layered_medium": [dict(arrangement="random")],
        "solve_medium": [dict(A=[2.0, 1.0]), dict(A=[[2.0, 1.0], [1.0, 3.0]])],
    },
    "viscoelastic": {
        "Fluid": [dict(name="water")],
        "creeping_velocity": [dict(y=[0.0, 0.5], t=[0.0, 1.0])],
        "overshoot": [dict(flow="couette")],
        "ringing_band": [dict(flow="couette")],
        "startup_velocity": [
            dict(y=[0.0, 0.5], t=[0.0, 1.0], flow=flow, smooth=True)
            for flow in ("poiseuille", "couette")
        ],
    },
    "viscoelastic_solvers": {
        "equilibrate": [dict(A=[[1e9, 1.0], [1.0, 0.001]]), dict(A=_STEP)],
        "gmres_report": [
            dict(A=_STEP, x_true=np.ones(8), method=method)
            for method in ("none", "jacobi", "equilibrated", "decoupled", "schur")
        ],
        "solver_work": [dict(t_end=1.0, flow="couette", atol=0.001)],
        "step_matrix": [dict(fluid=FLUIDS["peo"], flow="couette")],
    },
    "attention": {
        "attention_gradients": [dict(**_HEADS, d_output=[[1.0]])],
        "logit_std": [dict(scale=1.0)],
        "retrieval_steps": [dict(scale=0.5)],
        "scaled_dot_product_attention": [_HEADS],
        "train_retrieval": [
            dict(
                lr=3.0,
                n_keys=4,
                d_model=3,
                d_k=2,
                batch=3,
                n_steps=3,
                sigma_q=1.0,
                scale=0.5,
                noise=0.3,
            )
        ],
    },
    "feature_scaling": {
        "condition_number": [dict(X=_SAMPLES)],
        "descent_steps": [dict(X=_SAMPLES, t=[1.0, 3.0, 2.0, 2.5])],
        "distance_shares": [dict(X=_SAMPLES)],
        "fit_scaler": [dict(X=_SAMPLES, method=each) for each in ("zscore", "minmax", "robust")],
        "gradient_descent": [dict(X=_SAMPLES, t=[1.0, 3.0, 2.0, 2.5], max_iter=50)],
        "knn_accuracy": [
            dict(X_train=_SAMPLES, y_train=[0, 1, 1, 0], X_test=[[1.0, 2.0]], y_test=[0], k=1)
        ],
        "midpoint_error": [dict(db_low=-20.0, domain=each) for each in ("linear", "db")],
        "scale_features": [
            dict(X_train=_SAMPLES, X_test=[[1.0, 2.0]], method=each)
            for each in ("zscore", "whiten")
        ],
        "speckle": [dict(size=(3,))],
    },
    "graph_normalization": {
        "aggregation_r2": [
            dict(A=load_graph("karate")),
            dict(A=[[0, 1, 1], [1, 0, 0], [1, 0, 0]], kind="sym", target="fraction"),
        ],
        "degree_exponent": [dict(d=[1, 4, 9], h=[2.0, 4.0, 6.5])],
        "degrees": [dict(A=[[0, 1], [1, 0]], self_loops=True)],
        "fixed_point": [
            dict(A=[[0, 1, 1], [1, 0, 1], [1, 1, 0]], kind=kind, self_loops=True)
            for kind in ("sym", "sum")
        ],
        "growth_per_layer": [dict(A=[[0, 1], [1, 0]])],
        "load_graph": [dict(name="ba"), dict(name="star")],
        "propagate": [
            dict(P=[[0.5, 0.5], [0.5, 0.5]]),
            dict(P=load_graph("star", n=3), X=np.ones((3, 2))),
        ],
        "propagation_matrix": [
            dict(A=[[0, 1], [1, 0]], kind="left", self_loops=True),
            dict(A=load_graph("star", n=3), kind=0.3),
        ],
        "response_rms": [dict(P=[[0.0, 1.0], [0.5, 0.5]]), dict(P=load_graph("star", n=3))],
        "smoothing_rate": [dict(A=load_graph("karate"), self_loops=True)],
    },
    "solution_strengthening": {
        "depinning_threshold": [dict(strength=[1.0], nodes=8, tol=0.5)],
        "flow_stress": [dict(branch=branch) for branch in (None, "low", "high")],
        "pinning_length": [dict(core=Core(4.5, 0.35, 5.7), b=2.5)],
        "vlc": [dict(b=2.5)],
    },
    "random_landscape": {
        "core_average": [dict(kernel="box")],
        "core_response": [dict(kernel=kernel) for kernel in ("gaussian", "lorentzian", "box")],
        "critical_force": [_LINE],
        "gaussian_random_field": [
            dict(shape=(4, 6), correlation=each) for each in ("gaussian", "exponential")
        ],
        "pinned_line": [_LINE],
        "probe_response": [dict(system=each) for each in ("core", "patch", "wave", "aperture")],
    },
    "utility_anchoring": {
        "choice_boundary": [dict(rule=rule) for rule in ("truth", *_RULES)],
        "decision_flip_rate": [dict(population=utility_anchoring.RulerPopulation(), n=20)],
        "flip_direction": [dict(people=_PEOPLE, rule=rule) for rule in _RULES],
        "group_utility": [
            dict(full=[100.0, 95.0], method=each)
            for each in ("mean_of_ratios", "ratio_of_means", "median_of_ratios")
        ],
        "invariance_rate": [
            dict(a=[1.0, 2.0, 4.0, 10.0], b=[2.0, 3.0, 4.5, 5.0], statistic=each, scale=scale)
            for each, scale in (
                ("mean", "interval"),
                ("geometric_mean", "ordinal"),
                ("median", "individual"),
            )
        ],
        "noise_free_flip_rate": [
            dict(population=utility_anchoring.RulerPopulation(), rule=rule) for rule in _RULES
        ],
        "simulate_people": [dict(population=utility_anchoring.RulerPopulation())],
    },
    "labor": {
        "PelvicPlane": [dict(name="inlet", transverse_cm=12.9, ap_cm=[12.0, 12.5])],
        "duration_quantile": [dict(together=together) for together in (True, False)],
        "least_mismatch": [dict(planes=[*PLANES.values(), PelvicPlane("x", 12.0, 11.0)])],
        "mismatch_ratio": [dict(shadow=head_shadow(), plane=PLANES["inlet"])],
        "step_exceedance": [dict(parity="parous")],
        "traverse_time": [dict(parity="parous")],
    },
    "labor_trial": {
        "ProgressLaw": [_LAW],
        "ProgressLaw.remedy": [],
        "flat_probability": [_LAW],
        "log_bayes_factor": [dict(**_TRIAL, **_LAW)],
        "simulate_trials": [_LAW],
        "wald_test": [dict(**_TRIAL, **_LAW)],
        "wald_thresholds": [dict(beta=0.1)],
    },
    "nephrons": {
        "collapse_time": [_NEPHRONS | dict(nephrons=215000.0)],
        "critical_growth_time": [_NEPHRONS],
        "nephron_course": [_NEPHRONS],
    },
    "pediatric_kidney": {
        "graft_flow": [dict(graft=GRAFTS["single"])],
        "half_flow_encroachment": [dict(graft=GRAFTS["single"])],
        "pressure_drops": [dict(graft=GRAFTS["en_bloc"])],
    },
    "metallic_glass": {
        "GlassFormer.barrier": [dict(self=_MELT)],
        "GlassFormer.melting_point": [dict(self=_MELT)],
        "GlassFormer.viscosity": [dict(self=_MELT, T=[900.0])],
        "critical_cooling_rate": [
            dict(gf=_MELT, method=method) for method in ("nose", "continuous")
        ],
        "ttt_time": [dict(T=[876.0, 900.0], gf=_MELT)],
    },
    "soft_disks": {
        "bond_order": [dict(positions=_POINTS, box=[1.0, 1.0])],
        "quench_disks": [dict(distribution="uniform", start="crystal", n_steps=2, seed=0)],
        "quench_order": [dict(seeds=[0], start="crystal", n_steps=2)],
        "quench_steps": [dict(distribution="uniform", start="crystal", n_steps=2)],
    },
    "pinn": {
        "SteadyPINN": [dict(layers=(1, 3, 1), hard_inlet=True)],
        "SteadyPINN.error": [dict(self=_PINN, theta=_THETA)],
        "SteadyPINN.gradients": [dict(self=_PINN, theta=_THETA)],
        "SteadyPINN.init": [dict(self=_PINN)],
        "SteadyPINN.jet": [dict(self=_PINN, theta=_THETA)],
        "SteadyPINN.loss_grad": [dict(self=_PINN, theta=_THETA)],
        "SteadyPINN.losses": [dict(self=_PINN, theta=_THETA)],
        "SteadyPINN.ntk_eigenvalues": [dict(self=_PINN, theta=_THETA)],
        "UnsteadyPINN": [dict(layers=(2, 3, 1))],
        "UnsteadyPINN.error": [dict(self=_CLOUD, theta=_CLOUD_THETA)],
        "UnsteadyPINN.gradients": [dict(self=_CLOUD, theta=_CLOUD_THETA)],
        "UnsteadyPINN.init": [dict(self=_CLOUD)],
        "UnsteadyPINN.loss_grad": [dict(self=_CLOUD, theta=_CLOUD_THETA, weights=[1.0, 2.0, 1.0])],
        "UnsteadyPINN.losses": [dict(self=_CLOUD, theta=_CLOUD_THETA)],
        "UnsteadyPINN.predict": [dict(self=_CLOUD, theta=_CLOUD_THETA, tau=0.1)],
    },
    "pinn_training": {
        "train": [
            dict(pinn=_PINN, weights=[1.0, 2.0], n_iter=2, lr=0.01),
            dict(pinn=_PINN, weights=[1.0, 2.0], optimizer="lbfgs", n_iter=2, ftol=0.1),
        ],
        "training_steps": [
            dict(pinn=_PINN, weights=[1.0, 2.0], balance=balance)
            for balance in ("ntk", "gradnorm", "relobralo", "annealing")
        ],
    },
    "closures": {
        "Closure": [dict(coef=(1.0, 2.0), r2=0.9, x_range=(-1.0, 1.0))],
        "Closure.__call__": [dict(self=_CLOSURE)],
        "Closure.phi": [dict(self=_CLOSURE)],
        "autocorrelation": [dict(series=[1.0, -1.0, 1.0, -1.0])],
        "ensemble_scores": [dict(ens=np.ones((1, 2, 1, 4)), truth=np.zeros((1, 1, 4)))],
        "fit_closure": [dict(**_STORM, U=np.sin(_STORM["X"] * 40), memory="lag1")],
        "integrate_closure": [dict(X0=[[1.0, 2.0, 3.0, 4.0]], closure=_CLOSURE, scheme="rk2")],
        "memory_time": [dict(memory=memory) for memory in ("efold", "lag1")],
        "pdf_distance": [dict(bins=[-1.0, 2.0, 5.0])],
        "separation_errors": [dict(c=[4.0], n_members=1)],
        "subgrid_tendency": [dict(**_STORM, scheme="rk2")],
    },
    "lorenz96": {
        "L96.held": [dict(K=4, J=3, F=20.0, h=1.0)],
        "integrate_l96": [
            dict(p=L96(4, 3), t_run=0.02, spinup=0.01),
            dict(p=L96(4, 3), t_run=0.02, state=(np.ones((2, 4)), np.ones((2, 4, 3)))),
        ],
    },
    "climate_grid": {
        "cloud_fraction": [dict(pdf=pdf) for pdf in ("gaussian", "uniform", "triangular")],
        "domain_cloud_fraction": [dict(closure=closure) for closure in (True, False)],
    },
    "atlas": {"rows": [dict(chapter="climate_grid", kind="size", regime="separated")]},
}

#: Arguments that are not drawn: of those who write a module, not of those who use it; `workers`,
#: which start processes, are drawn for `workers.mapper` itself.
FIXED = {
    "closures.integrate_closure": ("workers",),
    "lorenz96.integrate_l96": ("workers",),
    "closures.separation_errors": ("workers",),
    "soft_disks.quench_order": ("workers",),
}

#: Positive numbers are drawn between these only. A larger simulation is a long computation, which
#: no limit of the library forbids.
BOUNDS = {
    "rescaling.field_example": {"n": (0, 20)},
    "boundary_layer.layer_mesh": {"n": (0, 100)},
    "layered_media.layered_medium": {"n": (0, 100), "n_samples": (0, 10)},
    "viscoelastic_solvers.equilibrate": {"iterations": (0, 20)},
    "viscoelastic_solvers.solver_work": {"n": (0, 10), "t_end": (0, 100)},
    "viscoelastic.startup_velocity": {"n_modes": (0, 100)},
    "viscoelastic_solvers.step_matrix": {"n": (0, 100)},
    "attention.train_retrieval": dict.fromkeys(
        ("n_keys", "d_model", "d_k", "batch", "n_steps"), (0, 12)
    ),
    "attention.retrieval_steps": dict.fromkeys(
        ("n_keys", "d_model", "d_k", "batch", "n_steps"), (0, 12)
    ),
    "feature_scaling.land_cover": {"n": (0, 20)},
    "feature_scaling.gradient_descent": {"max_iter": (0, 100)},
    "feature_scaling.speckle": {"size": (0, 20)},
    "graph_normalization.load_graph": {"n": (0, 20), "m": (0, 20)},
    "graph_normalization.propagate": {"steps": (0, 20)},
    "graph_normalization.aggregation_r2": {"n_draws": (0, 20)},
    "solution_strengthening.terrain": {"nodes": (0, 20), "core": (0, 10)},
    "solution_strengthening.depinning_threshold": {
        "nodes": (0, 20),
        "core": (0, 10),
        "strength": (0.1, 20),
        "tol": (0.1, 1e308),
    },
    "random_landscape.gaussian_random_field": {"shape": (0, 20)},
    "random_landscape.critical_force": {"max_steps": (0, 2000)},
    "random_landscape.pinned_line": {"max_steps": (0, 2000)},
    "utility_anchoring.decision_flip_rate": {"n": (0, 100)},
    "utility_anchoring.invariance_rate": {"n": (0, 100)},
    "utility_anchoring.simulate_people": {"n": (0, 100)},
    "labor_trial.flat_probability": {"times_h": (0, 100)},
    "labor_trial.log_bayes_factor": {"times_h": (0, 100)},
    "labor_trial.wald_test": {"times_h": (0, 100)},
    "labor.sample_labors": {"n": (0, 100)},
    "labor_trial.simulate_trials": {"n": (0, 100)},
    "nephrons.critical_growth_time": {"years": (0, 100)},
    "nephrons.nephron_course": {"years": (0, 100), "n": (0, 100)},
    "lorenz96.L96": {"K": (0, 20), "J": (0, 20)},
    "lorenz96.L96.held": {"K": (0, 20), "J": (0, 20)},
    "closures.fit_closure": {"degree": (0, 10)},
    "closures.integrate_closure": {"n_ens": (0, 10), "t_run": (0, 0.1), "dt": (1e-3, 1e308)},
    "lorenz96.integrate_l96": {
        "n_members": (0, 10),
        "t_run": (0, 0.1),
        "dt": (1e-3, 1e308),
        "spinup": (0, 0.1),
    },
    "closures.separation_errors": {"lead": (0.05, 0.5), "c": (0, 10), "n_members": (0, 10)},
    "pinn.SteadyPINN": {"layers": (0, 12), "n_colloc": (0, 20)},
    "pinn.UnsteadyPINN": {"layers": (0, 12), "n_colloc": (0, 20)},
    "pinn_training.train": {"n_iter": (0, 12)},
    "pinn_training.training_steps": {"n_iter": (0, 12)},
    "metallic_glass.critical_cooling_rate": {"n": (0, 100)},
    "soft_disks.quench_disks": {"n_side": (0, 12), "n_steps": (0, 12)},
    "soft_disks.quench_order": {"n_side": (0, 12), "n_steps": (0, 12)},
    "soft_disks.quench_steps": {"n_side": (0, 12), "n_steps": (0, 12)},
}

#: Other exceptions that are documented.
ALSO = {
    "random_landscape.critical_force": RuntimeError,  # no result within `max_steps`
    "random_landscape.pinned_line": RuntimeError,
}
