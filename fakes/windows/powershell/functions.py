"""Functions, filters and script blocks as pipeline stages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fakes.windows.powershell import ast
from fakes.windows.powershell.arguments import MISSING, Argument, ArgumentName
from fakes.windows.powershell.binder import Binder
from fakes.windows.powershell.command import Param
from fakes.windows.powershell.command_runtime import Runtime
from fakes.windows.powershell.containers import PSHashtable
from fakes.windows.powershell.conversion import convert, to_string
from fakes.windows.powershell.errors import PowerShellError
from fakes.windows.powershell.flow import ReturnFlow
from fakes.windows.powershell.interpreter import UNSET, Interpreter, Write
from fakes.windows.powershell.position import Extent
from fakes.windows.powershell.processors import Processor
from fakes.windows.powershell.scopes import Scope, Variable
from fakes.windows.powershell.script_block import ScriptBlock
from fakes.windows.powershell.streams import Streams
from fakes.windows.powershell.validation import attribute_name, flag, parameter_of
from fakes.windows.powershell.values import PSObject


class FunctionBinder(Binder):
    """Binder of functions: those without CmdletBinding keep what no parameter takes in ``$args``."""

    simple = False
    extra_arguments: list[Any]

    def unknown(self, argument: Argument, following: list[Argument], rest: list[Argument]) -> int:
        """``-Unknown value`` goes to ``$args`` in a simple function."""
        if not self.simple:
            return super().unknown(argument, following, rest)
        rest.append(Argument(None, ArgumentName(argument.text or f"-{argument.name}"), argument.text))
        if argument.value is not MISSING:
            rest.append(Argument(None, argument.value))
        return 0

    def left_over(self, queue: list[Argument]) -> None:
        """Bare values beyond the parameters."""
        if not self.simple:
            super().left_over(queue)
        self.extra_arguments = [argument.value for argument in queue]


class Signature:
    """What a block's ``param`` says, computed once per block.

    Attributes:
        parameters: declarations by name.
        advanced: has [CmdletBinding()] or [Parameter()].
    """

    def __init__(self, interp: Interpreter, block: ScriptBlock) -> None:
        node = block.ast.params
        self.nodes: list[ast.Parameter] = node.parameters if node is not None else []
        binding = next(
            (a for a in (node.attributes if node else []) if attribute_name(a) == "cmdletbinding"), None
        )
        self.advanced = binding is not None or any(
            attribute_name(a) == "parameter" for parameter in self.nodes for a in parameter.attributes
        )
        self.should_process = binding is not None and flag(interp, binding, "supportsshouldprocess")
        self.default_set: str | None = None
        positional = True
        if binding is not None:
            name = binding.named.get("defaultparametersetname")
            self.default_set = to_string(interp.eval(name)) if name is not None else None
            if "positionalbinding" in binding.named:
                positional = flag(interp, binding, "positionalbinding")
        self.parameters: dict[str, Param] = {}
        explicit = any(
            "position" in a.named
            for parameter in self.nodes
            for a in parameter.attributes
            if attribute_name(a) == "parameter"
        )
        position = 0
        for parameter in self.nodes:
            use = positional and not explicit
            declared = parameter_of(interp, parameter, position if use else None)
            if use and not declared.is_switch:
                position += 1
            self.parameters[parameter.name] = declared


class FunctionProcessor(Processor):
    """A function, filter, script or script block.

    Args:
        interp: the interpreter.
        block: what runs.
        name: the command's name in errors; "" for a bare script block.
        invoked_as: what was typed.
        arguments: its arguments.
        node: where the call stands.
        streams: its streams.
        downstream: takes its output.
        dot: run in the caller's scope.
        script_file: the file's path, which makes it a script with its own script scope.
    """

    def __init__(
        self,
        interp: Interpreter,
        block: ScriptBlock,
        name: str,
        invoked_as: str,
        arguments: list[Argument],
        node: ast.Node | None,
        streams: Streams,
        downstream: Write,
        *,
        dot: bool = False,
        script_file: str = "",
    ) -> None:
        super().__init__(interp, streams, downstream)
        self.block = block
        self.name = name
        self.invoked_as = invoked_as
        self.arguments = arguments
        self.node = node
        self.dot = dot
        self.script_file = script_file
        self.input: list[Any] = []
        self.caller_source = interp.source
        self.signature: Signature
        self.binder: FunctionBinder
        self.runtime = Runtime(interp, name, invoked_as, node, streams, downstream, {})
        self.scope = interp.scope
        self.returned = False

    # --- scope -------------------------------------------------------------------------

    def _new_scope(self) -> Scope:
        if self.dot:
            return self.interp.scope
        if self.script_file:
            return Scope(self.interp.scope, "script")
        return self.interp.child_scope(self.block)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Run in the function's scope, source and streams."""
        interp = self.interp
        before_active = interp.active
        interp.active = self.streams
        place = Extent(self.caller_source, self.node.start, self.node.end) if self.node is not None else None
        shown = "<ScriptBlock>" if self.script_file or not self.name else self.name
        interp.calls.append((shown, place))
        kept = self.runtime.kept.get("ErrorVariable")
        interp.error_variables += [] if kept is None else [kept]
        try:
            with interp.entered(self.block, self.scope):
                yield
        finally:
            if kept is not None:
                interp.error_variables.pop()
            interp.active = before_active
            interp.calls.pop()

    def begin(self) -> None:
        """Bind the arguments and run ``begin``."""
        interp = self.interp
        self.scope = self._new_scope()
        with self.active(self.node), self._binding_errors():
            self.signature = Signature(interp, self.block)
            self._bind()
        self._automatic()
        named = self.block.ast.named
        if "dynamicparam" in named:
            raise interp.refuse("dynamicparam")
        with self._inside():
            self._defaults()
            if "begin" in named:
                self._run(named["begin"])

    @contextmanager
    def _binding_errors(self) -> Iterator[None]:
        try:
            yield
        except PowerShellError as error:
            record = error.record
            if "ParameterBinding" in record.exception.type_names[0] and not record.category.activity:
                record.fqid = f"{record.fqid},{self.name}" if self.name else record.fqid
                self.runtime.locate(record, error.place)
            self.failed = True
            raise

    def _bind(self) -> None:
        signature = self.signature
        self.binder = binder = FunctionBinder(
            signature.parameters,
            signature.default_set,
            should_process=signature.should_process,
            common=signature.advanced,
            script=True,
        )
        binder.simple = not signature.advanced
        binder.extra_arguments = []
        rest = binder.bind_named(self.arguments)
        binder.bind_positional(rest)
        self.parameter_set = binder.choose_set(expecting_input=self.expecting_input)
        self.runtime.common = binder.common_values
        self.runtime.open_variables()

    def _automatic(self) -> None:
        """The variables every block gets: parameters, ``$args``, ``$MyInvocation``..."""
        variables = self.scope.variables
        binder = self.binder
        for node in self.signature.nodes:
            if node.name in binder.bound:
                self._declare(node, binder.bound[node.name])
        if not self.signature.advanced and not (self.dot and not self.arguments):
            variables["args"] = Variable(binder.extra_arguments)
        if self.signature.nodes or self.signature.advanced:
            variables["psboundparameters"] = Variable(PSHashtable({**binder.bound, **binder.common_values}))
        if self.underscore is not UNSET:
            variables["_"] = Variable(self.underscore)
        if not self.dot:
            variables["myinvocation"] = Variable(self._invocation())
        if self.script_file:
            directory = self.script_file.rpartition("\\")[0]
            variables["psscriptroot"] = Variable(directory)
            variables["pscommandpath"] = Variable(self.script_file)
        if self.signature.advanced:
            variables["pscmdlet"] = Variable(self._cmdlet_object())
            self._preferences()

    def _preferences(self) -> None:
        """-ErrorAction and its kin become preference variables of the function's scope."""
        common = self.binder.common_values
        for parameter, variable in (
            ("ErrorAction", "ErrorActionPreference"),
            ("WarningAction", "WarningPreference"),
            ("InformationAction", "InformationPreference"),
        ):
            if parameter in common:
                self.scope.variables[variable.lower()] = Variable(common[parameter])
        for parameter, variable in (("Verbose", "VerbosePreference"), ("Debug", "DebugPreference")):
            if parameter in common:
                self.scope.variables[variable.lower()] = Variable(
                    "Continue" if common[parameter] else "SilentlyContinue"
                )
        if "WhatIf" in common:
            self.scope.variables["whatifpreference"] = Variable(common["WhatIf"])

    def _declare(self, node: ast.Parameter, value: Any) -> None:
        type_name = str(node.type) if node.type is not None else None
        if type_name is not None and type_name.lower() in {"switch", "object", "psobject"}:
            type_name = None
        self.scope.variables[node.name.lower()] = Variable(value, type_name, name=node.name)

    def _defaults(self) -> None:
        """Default values, evaluated in the function's scope, in order."""
        for node in self.signature.nodes:
            if node.name in self.binder.bound or node.name in self.binder.delayed:
                continue
            declared = self.signature.parameters[node.name]
            if node.default is not None:
                value = self.interp.eval(node.default)
                value = convert(value, declared.type) if node.type is not None else value
            elif declared.is_switch:
                value = False
            else:
                value = _unset_value(declared.type)
            self._declare(node, value)

    def _invocation(self) -> PSObject:
        from fakes.windows.powershell.invocation_info import my_invocation

        return my_invocation(self)

    def _cmdlet_object(self) -> PSObject:
        from fakes.windows.powershell.invocation_info import pscmdlet

        return pscmdlet(self)

    # --- running -----------------------------------------------------------------------

    def _run(self, body: ast.StatementList) -> None:
        try:
            self.interp.statements(body, self.runtime.write)
        except ReturnFlow:
            return

    def _statements(self) -> tuple[ast.StatementList | None, ast.StatementList | None]:
        """The per-object block and the final block."""
        node = self.block.ast
        if node.named:
            return node.named.get("process"), node.named.get("end")
        return (node.body, None) if self.block.is_filter else (None, node.body)

    def process(self, value: Any) -> None:
        """One pipeline object."""
        interp = self.interp
        taking = any(
            param.attribute("value_from_pipeline", one)
            or param.attribute("from_pipeline_by_property_name", one)
            for param in self.signature.parameters.values()
            for one in param.set_names()
        )
        if self.signature.advanced and taking:
            try:
                with self.active(self.node):
                    self.binder.bind_input(value, interp)
            except PowerShellError as error:
                error.record.fqid = f"{error.record.fqid},{self.name}"
                self.runtime.error(error.record)
                self.failed = True
                return
            for node in self.signature.nodes:
                if node.name in self.binder.bound:
                    self._declare(node, self.binder.bound[node.name])
        elif self.signature.advanced and self.signature.nodes and not taking:
            from fakes.windows.powershell.binding_errors import input_not_bound

            refused = input_not_bound(value)
            refused.record.fqid = f"{refused.record.fqid},{self.name}"
            self.runtime.error(refused.record)
            self.failed = True
            return
        each, _ = self._statements()
        if each is None:
            self.input.append(value)
            if self.signature.advanced:
                self.scope.variables["_"] = Variable(value)
            return
        self.scope.variables["_"] = Variable(value)
        self.scope.variables["input"] = Variable([value])
        with self._inside():
            self._run(each)

    def process_without_input(self) -> None:
        """The process block runs once, with ``$_`` as it was given."""
        each, _ = self._statements()
        if each is None:
            return
        if self.underscore is UNSET and not self.dot:
            self.scope.variables["_"] = Variable(None)
        with self._inside():
            self._run(each)

    def end(self) -> None:
        """``end``, or the whole body of a simple function, with ``$input``."""
        _, final = self._statements()
        if final is not None:
            if not self.dot or self.expecting_input:
                self.scope.variables["input"] = Variable(self.input)
            with self._inside():
                self._run(final)
        self.failed = self.failed or self.runtime.failed


def _unset_value(type_name: str) -> Any:
    """What a typed parameter without default holds."""
    from fakes.windows.powershell.conversion import resolve_name

    full = resolve_name(type_name)
    if full == "System.String":
        return ""
    if full == "System.Boolean":
        return False
    if full in {
        "System.Int32",
        "System.Int64",
        "System.Double",
        "System.UInt32",
        "System.Byte",
        "System.Int16",
        "System.Decimal",
    }:
        return convert(0, full)
    return None
