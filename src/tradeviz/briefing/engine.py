"""A Papermill engine that runs the cells of a notebook in this process, without a kernel.

IPython's shell runs them, as it does in a kernel. What a kernel would send to its client is put into the
notebook at once, in the form that nbclient gives it. One process runs one notebook and then ends.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets import Instance, Type
from traitlets.config import Config

from tradeviz.briefing.page import OURS

MOST_PRINTED = 1_000_000
"""Characters that a cell may print; who prints more is taken to print without end."""

LANGUAGE = {
    "name": "python",
    "version": sys.version.split()[0],
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}
"""What a kernel says of its language, and nbclient writes into the notebook."""


class EndlessOutputError(BaseException):
    """A cell prints without end; no cell that catches exceptions may catch this one."""


class Outputs:
    """What the cells of a notebook display, as outputs in its format."""

    def __init__(self) -> None:
        self._identified: dict[str, list[NotebookNode]] = {}
        self.begin_cell()

    def begin_cell(self) -> list[NotebookNode]:
        """Begin with a cell; give the list that takes its outputs."""
        self._shown: list[NotebookNode] = []
        self._printed: list[str] = []
        self._length = 0
        self._clear_first = False
        return self._shown

    def end_cell(self) -> None:
        """Write down what was printed last."""
        if self._printed:
            self._shown[-1]["text"] = "".join(self._printed)
        self._printed = []

    def add(self, kind: str, display_id: str = "", **content: Any) -> None:
        """Add an output, under an identifier if it may be updated."""
        self.end_cell()
        self._clear_if_asked()
        self._shown.append(new_output(kind, **content))
        if display_id:
            self._identified.setdefault(display_id, []).append(self._shown[-1])

    def update(self, display_id: str, **content: Any) -> None:
        """Change all outputs with that identifier, of earlier cells too."""
        for output in self._identified.get(display_id, []):
            output.update(content)

    def print(self, stream: str, text: str) -> None:
        """Add what was printed, to the output before if that is of the same stream."""
        self._length += len(text)
        if self._length > MOST_PRINTED:
            raise EndlessOutputError
        if self._clear_first or not self._shown or self._shown[-1].get("name") != stream:
            self.add("stream", name=stream)
        self._printed.append(text)

    def clear(self, wait: bool) -> None:
        """Clear the outputs of the cell, now or before the next one."""
        self._clear_first = True
        if not wait:
            self._clear_if_asked()

    def _clear_if_asked(self) -> None:
        if self._clear_first:
            self._printed = []
            self._shown.clear()
        self._clear_first = False


class _Stream(io.TextIOBase):
    """stdout or stderr of a notebook."""

    encoding = "UTF-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if text:
            self._outputs.print(self.name, text)
        return len(text)


class _DisplayHook(DisplayHook):
    """Shows the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        shown: dict[str, Any] = {"data": _as_json(format_dict), "metadata": _as_json(md_dict or {})}
        assert isinstance(self.shell, Shell)
        self.shell.outputs.add("execute_result", execution_count=self.prompt_count, **shown)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    """Shows what `display` is given."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        display_id = (transient or {}).get("display_id", "")
        shown = {"data": _as_json(data), "metadata": _as_json(metadata or {})}
        if update:
            self.shell.outputs.update(display_id, **shown)
        else:
            self.shell.outputs.add("display_data", display_id, **shown)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class Shell(InteractiveShell):
    """IPython's shell, with outputs that go into a notebook."""

    displayhook_class = Type(_DisplayHook)
    display_pub_class = Type(_Publisher)
    outputs = Instance(Outputs, ())

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no screen."""

    def init_virtualenv(self) -> None:
        """Leave the path as it is."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)


def shell(folder: Path) -> Shell:
    """The shell of this process: no profile, no configuration and no history of the user's.

    Parameters
    ----------
    folder : Path
        Where IPython keeps its files.
    """
    config = Config()
    config.HistoryManager.enabled = False
    made = Shell.instance(config=config, ipython_dir=str(folder), colors="neutral")
    assert isinstance(made, Shell)
    return made


class ShellEngine(Engine):
    """Papermill's way to run a notebook, in the shell of this process."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, on_cell_execute: Callable[..., None] | None = None, **_: Any
    ) -> None:
        """Execute a notebook up to its end or to the first cell that fails.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook.
        kernel_name : str
            The kernel that it asks for; a Python as this one.
        on_cell_execute : callable, optional
            Called as nbclient does, with `cell` and `cell_index`, before each cell.
        """
        shell = Shell.instance()
        assert isinstance(shell, Shell)
        nb_man.nb.metadata.language_info = NotebookNode(LANGUAGE)
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            nb_man.cell_start(cell, index)
            if on_cell_execute is not None:
                on_cell_execute(cell=cell, cell_index=index)
            cell.execution_count = shell.execution_count
            cell.outputs = shell.outputs.begin_cell()
            with (
                redirect_stdout(_Stream("stdout", shell.outputs)),
                redirect_stderr(_Stream("stderr", shell.outputs)),
            ):
                shell.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
            shell.outputs.end_cell()
            failed = any(output.output_type == "error" for output in cell.outputs)
            if failed:
                nb_man.cell_exception(cell, index)
            nb_man.cell_complete(cell, cell_index=index)
            if failed:
                break


papermill_engines.register(OURS, ShellEngine)


def _as_json(bundle: dict[str, Any]) -> dict[str, Any]:
    """A bundle of representations as it comes out of a message: bytes in Base64, tuples as lists."""
    return {
        kind: content if isinstance(content, str) else json.loads(json.dumps(content, default=json_default))
        for kind, content in bundle.items()
    }
