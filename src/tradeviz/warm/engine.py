"""The Papermill engine `tradeviz-warm`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from papermill.engines import NBClientEngine

from tradeviz.warm.provisioner import warmed


class WarmEngine(NBClientEngine):
    """Papermill's own engine, with kernels from the fork server."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        kernel_manager_class: type[Any] = AsyncKernelManager,
        warm_modules: Sequence[str] | None = None,
        **options: Any,
    ) -> Any:
        """Execute a notebook in a kernel that is forked where it can be.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook.
        kernel_name : str
            The kernel that it asks for.
        kernel_manager_class : type
            How kernels are managed otherwise: where their sockets are, for example.
        warm_modules : sequence of str, optional
            What the fork server imports, as for `tradeviz.warm.start`.
        **options
            Those of Papermill's own engine.
        """
        manager = warmed(kernel_manager_class, warm_modules)
        return super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=manager, **options)
