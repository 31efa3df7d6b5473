"""One stage of a pipeline: a cmdlet, a function or script block, a native program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.arguments import Argument
from fakes.windows.powershell.binder import Binder
from fakes.windows.powershell.command import Cmdlet, CmdletInfo
from fakes.windows.powershell.command_runtime import Runtime
from fakes.windows.powershell.errors import PowerShellError
from fakes.windows.powershell.interpreter import UNSET, Interpreter, Write
from fakes.windows.powershell.streams import Streams


class Processor:
    """Base of the stages.

    Attributes:
        begun: whether :meth:`begin` was called.
        expecting_input: whether the stage stands after another one.
        failed: whether it reported an error (``$?``).
        last: whether it is the last stage of its pipeline.
        underscore: a ``$_`` to start with, for blocks that are run for an object.
    """

    def __init__(self, interp: Interpreter, streams: Streams, downstream: Write) -> None:
        self.interp = interp
        self.streams = streams
        self.downstream = downstream
        self.begun = False
        self.expecting_input = False
        self.failed = False
        self.last = True
        self.underscore: Any = UNSET

    def begin(self) -> None:
        """Before any input."""

    def process(self, value: Any) -> None:
        """One object."""

    def process_without_input(self) -> None:
        """Called instead of :meth:`process` when nothing stands before the stage."""

    def end(self) -> None:
        """After the last object."""

    def abandon(self) -> None:
        """A later stage has enough: the end is not run."""

    @contextmanager
    def active(self, node: ast.Node | None) -> Iterator[None]:
        """Make the stage's streams and position the current ones."""
        interp = self.interp
        before = interp.active, interp.node
        interp.active = self.streams
        if node is not None:
            interp.node = node
        try:
            yield
        finally:
            interp.active, interp.node = before


class CmdletProcessor(Processor):
    """A registered cmdlet."""

    def __init__(
        self,
        interp: Interpreter,
        info: CmdletInfo,
        invoked_as: str,
        arguments: list[Argument],
        node: ast.Node | None,
        streams: Streams,
        downstream: Write,
    ) -> None:
        super().__init__(interp, streams, downstream)
        self.info = info
        self.node = node
        factory = info.factory
        self.arguments = arguments
        self.binder = Binder(
            factory.parameters, factory.default_set, should_process=factory.supports_should_process
        )
        self.runtime = Runtime(
            interp, info.name, invoked_as, node, streams, downstream, self.binder.common_values
        )
        self.instance: Cmdlet = factory()
        self._defaults = {
            name: False if param.is_switch else param.default for name, param in factory.parameters.items()
        }
        self._handed: list[str] = []

    def begin(self) -> None:
        """Bind the command line, then the cmdlet's own begin."""
        with self.active(self.node), self._signed():
            rest = self.binder.bind_named(self.arguments)
            self.binder.bind_positional(rest)
            chosen = self.binder.choose_set(expecting_input=self.expecting_input)
            self.runtime.open_variables()
            instance = self.instance
            instance.context = self.interp  # type: ignore[assignment]
            instance.runtime = self.runtime
            instance.expecting_input = self.expecting_input
            instance.parameter_set = chosen
            for name, default in self._defaults.items():
                setattr(instance, name, default)
            self._hand_over()
            instance.begin()
        self.failed = self.runtime.failed

    def _hand_over(self) -> None:
        """Set the instance's attributes from what is bound."""
        instance, values = self.instance, self.binder.bound
        for name in self._handed:
            if name not in values:
                setattr(instance, name, self._defaults[name])
        for name, value in values.items():
            setattr(instance, name, value)
        self._handed = list(values)
        instance.bound = dict(values)

    @contextmanager
    def _signed(self) -> Iterator[None]:
        """Give errors that pass through the command's name, class and position."""
        try:
            yield
        except PowerShellError as error:
            self.failed = self.runtime.failed = True
            self._sign(error)
            raise

    def _sign(self, error: PowerShellError) -> None:
        record = error.record
        if "ParameterBinding" in record.exception.type_names[0] and not record.category.activity:
            record.fqid = f"{record.fqid},{self.info.class_name}"
        if not record.invocation.command and record.invocation.extent is None:
            self.runtime.locate(record, error.place)
        self.runtime.keep(record)

    def process(self, value: Any) -> None:
        """Bind one pipeline object and process it."""
        with self.active(self.node), self._signed():
            try:
                self.binder.bind_input(value, self.interp)
            except PowerShellError as error:
                self._sign(error)
                self.runtime.error(error.record)
                self.failed = True
                return
            if self.binder.set_in_force is not None:
                self.instance.parameter_set = self.binder.set_in_force
            self._hand_over()
            self.instance.process()
        self.failed = self.runtime.failed

    def process_without_input(self) -> None:
        """Process once with what the command line gave."""
        with self.active(self.node), self._signed():
            self.instance.process()
        self.failed = self.runtime.failed

    def end(self) -> None:
        """The cmdlet's end."""
        with self.active(self.node), self._signed():
            self.instance.end()
        self.failed = self.runtime.failed
