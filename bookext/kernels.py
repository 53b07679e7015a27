"""Kernels that are copies of one process, which has loaded what most pages use."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import uuid

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_LOADED = ["ipykernel.kernelapp", "matplotlib.backends.backend_svg", "smlib.figures.atlas"]
_LOADED += ["smlib.notebook", "jupyter_client.manager"]


class _Process:
    """A kernel's process, as `LocalProvisioner` knows those of `subprocess`."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], folder: str, environment: dict[str, str]):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_LOADED)
        told = {"arguments": arguments, "folder": folder, "environment": environment}
        # By its path: whatever the copy finds modules by, it finds this one.
        begin = {"target": runpy.run_path, "args": (__file__, told, "kernel")}
        self._process = context.Process(**begin, daemon=True)
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


class _Copies(LocalProvisioner):
    """Starts kernels as copies of a process that has imported what most pages use."""

    async def launch_kernel(self, cmd, **settings):
        """Start a kernel; what precedes its arguments is how else it would be started."""
        begin = cmd.index("ipykernel_launcher") + 1
        self.process = _Process(cmd[begin:], settings.get("cwd") or ".", settings["env"])
        self.pid = self.pgid = self.process.pid
        return self.connection_info


class Kernel(AsyncKernelManager):
    """Starts and ends the kernel of one page."""

    def __init__(self, **settings):
        super().__init__(**settings)
        if _FORKS:
            self.kernel_id = str(uuid.uuid4())
            known = {"kernel_id": self.kernel_id, "kernel_spec": self.kernel_spec}
            self.provisioner = _Copies(parent=self, **known)


if __name__ == "kernel":  # the copy, with what it is told as globals
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    os.chdir(folder)  # noqa: F821
    os.environ.update(environment)  # noqa: F821
    # It ends when the process does of which it is a copy.
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    IPKernelApp.launch_instance(argv=[*arguments, parent])  # noqa: F821
