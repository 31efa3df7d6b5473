"""The XML documents of the wire protocol (version 2012-11-30), as the agent parses them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from fakes.wireserver.goalstate import ExtensionGoal, VmGoalState

PROTOCOL_VERSION = "2012-11-30"
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def versions() -> str:
    """Return the answer to ``GET /?comp=versions``."""
    return (
        f"{_XML}<Versions><Preferred><Version>{PROTOCOL_VERSION}</Version></Preferred>"
        f"<Supported><Version>{PROTOCOL_VERSION}</Version></Supported></Versions>"
    )


def goal_state(vm: VmGoalState, base: str) -> str:
    """Return the goal state of a VM.

    Args:
        vm: Whose.
        base: The wire server's own URL as this client reached it; the configuration
            URLs must be absolute.
    """
    config = f"{base}/machine/{vm.container_id}/{vm.instance_id}?comp=config&type="

    def link(kind: str) -> str:
        return escape(f"{config}{kind}&incarnation={vm.incarnation}")

    return (
        f"{_XML}<GoalState><Version>{PROTOCOL_VERSION}</Version><Incarnation>{vm.incarnation}</Incarnation>"
        "<Machine><ExpectedState>Started</ExpectedState><StopRolesDeadlineHint>300000</StopRolesDeadlineHint></Machine>"
        f"<Container><ContainerId>{vm.container_id}</ContainerId><RoleInstanceList><RoleInstance>"
        f"<InstanceId>{vm.instance_id}</InstanceId><State>Started</State><Configuration>"
        f"<HostingEnvironmentConfig>{link('hostingEnvironmentConfig')}</HostingEnvironmentConfig>"
        f"<SharedConfig>{link('sharedConfig')}</SharedConfig>"
        f"<ExtensionsConfig>{link('extensionsConfig')}</ExtensionsConfig>"
        f"<ConfigName>{vm.container_id}.0.{vm.instance_id}.{vm.incarnation}.xml</ConfigName>"
        "</Configuration></RoleInstance></RoleInstanceList></Container></GoalState>"
    )


def hosting_environment(vm: VmGoalState) -> str:
    """Return the hosting environment; the agent requires the attributes, not their values."""
    name = quoteattr(vm.vm_id.rsplit("/", 1)[-1])
    return (
        f'{_XML}<HostingEnvironmentConfig version="1.0.0.0"><Deployment name={name} />'
        f'<Incarnation number="{vm.incarnation}" instance={quoteattr(vm.instance_id)} guid="{vm.container_id}" />'
        f'<Role name={name} guid="{vm.container_id}" /></HostingEnvironmentConfig>'
    )


def shared_config() -> str:
    """Return the shared configuration, of which the agent needs nothing."""
    return f"{_XML}<SharedConfig/>"


def extensions_config(vm: VmGoalState, base: str) -> str:
    """Return which extensions the VM should have, their settings and the status blob."""
    plugins = "".join(_plugin(goal, base) for goal in vm.extensions.values())
    settings = "".join(_settings(goal) for goal in vm.extensions.values() if goal.state == "enabled")
    return (
        f'{_XML}<Extensions version="1.0.0.0" goalStateIncarnation="{vm.incarnation}">'
        "<GuestAgentExtension><GAFamilies><GAFamily><Name>Prod</Name><Uris/></GAFamily></GAFamilies></GuestAgentExtension>"
        f"<Plugins>{plugins}</Plugins><PluginSettings>{settings}</PluginSettings>"
        f'<StatusUploadBlob statusBlobType="BlockBlob">{escape(vm.status_blob_uri)}</StatusUploadBlob></Extensions>'
    )


def _plugin(goal: ExtensionGoal, base: str) -> str:
    location = quoteattr(f"{base}/extensions/{goal.name}/manifest.xml")
    return (
        f'<Plugin name={quoteattr(goal.name)} version="{goal.version}" location={location} state="{goal.state}" '
        'autoUpgrade="false" failoverlocation="" runAsStartupTask="false" isJson="true" useExactVersion="true" />'
    )


def _settings(goal: ExtensionGoal) -> str:
    runtime = {"runtimeSettings": [{"handlerSettings": {"publicSettings": goal.settings}}]}
    return (
        f'<Plugin name={quoteattr(goal.name)} version="{goal.version}">'
        f'<RuntimeSettings seqNo="{goal.sequence}">{escape(json.dumps(runtime))}</RuntimeSettings></Plugin>'
    )


def manifest(packages: Iterable[tuple[str, str]]) -> str:
    """Return an extension's manifest.

    Args:
        packages: Version and absolute URL of each package, any order.
    """
    plugins = "".join(
        f"<Plugin><Version>{version}</Version><Uris><Uri>{escape(uri)}</Uri></Uris></Plugin>"
        for version, uri in packages
    )
    return f"{_XML}<PluginVersionManifest><Plugins>{plugins}</Plugins></PluginVersionManifest>"
