"""Where the text of each of the control plane's errors comes from.

A value is the public report in which Azure was quoted with these words; ``LAB`` says that no
quotation is known, and that the wording (the code may be Azure's) is this project's.
A code that stands for several texts has one entry for each, told apart by a part of the text.
"""

from __future__ import annotations

LAB = "lab"

_AZURERM = "hashicorp/terraform-provider-azurerm"
_DOCS = "MicrosoftDocs/azure-docs"

SOURCES: dict[tuple[str, str], str] = {
    ("AuthenticationFailed", ""): LAB,
    ("AuthenticationFailedInvalidHeader", ""): LAB,
    ("DuplicateResourceName", ""): LAB,
    ("InUseNetworkSecurityGroupCannotBeDeleted", ""): "DataBiosphere/terra-workspace-manager#502",
    ("InUseSubnetCannotBeDeleted", ""): "microsoft/nav-arm-templates#161",
    ("InternalServerError", ""): LAB,
    ("InvalidAuthenticationToken", ""): LAB,
    ("InvalidCIDRNotation", ""): LAB,
    ("InvalidIPAddressFormat", ""): LAB,
    ("InvalidJson", ""): LAB,
    ("InvalidParameter", "Required parameter"): "Azure/azure-powershell#4001",
    ("InvalidRequestContent", ""): LAB,
    ("InvalidRequestFormat", ""): LAB,
    ("InvalidResourceGroupLocation", ""): "Azure/azure-cli#22242",
    ("InvalidResourceLocation", ""): f"{_DOCS}#70422",
    ("InvalidResourceName", ""): LAB,
    ("InvalidResourceNamespace", ""): LAB,
    ("InvalidResourceReference", ""): f"{_DOCS}#81734",
    ("LinkedInvalidPropertyId", ""): "Azure/avdaccelerator#84",
    ("LocationNotAvailableForResourceType", ""): "Azure/pcs-cli#522",
    ("LocationRequired", ""): LAB,
    ("MissingApiVersionParameter", ""): LAB,
    ("MissingSubscriptionRegistration", ""): "Azure/OpenShift#21",
    ("NetcfgInvalidSubnet", ""): "Azure/azure-cli#10917",
    ("NetcfgSubnetRangesOverlap", ""): f"{_DOCS}#123869",
    ("NetworkInterfaceInUse", ""): LAB,
    ("NetworkInterfaceMustHaveOneIpConfiguration", ""): LAB,
    ("NicInUse", ""): f"{_AZURERM}#8105",
    ("NicMustBeAttachedToRunningVm", ""): LAB,
    ("NotFound", ""): LAB,
    ("NotSimulated", ""): LAB,
    ("OperationNotAllowed", "Cannot modify extensions"): f"{_AZURERM}#477",
    ("OperationNotAllowed", "is attached to VM"): LAB,
    ("OperationNotAllowed", "Cannot restart VM"): LAB,
    ("ParentResourceNotFound", ""): LAB,
    ("PrivateIPAddressIsAllocated", ""): "daniel-rhoades/acs-engine-terraform#10",
    ("PrivateIPAddressNotInSubnet", ""): LAB,
    ("PropertyChangeNotAllowed", ""): "Azure/azure-powershell#7621",
    ("ResourceGroupNotFound", ""): LAB,
    ("ResourceNotFound", ""): "JeffBow/AzurePowerShell#10",
    ("SecurityRuleConflict", ""): f"{_AZURERM}#11137",
    ("SecurityRuleInvalidAddressPrefix", ""): "Azure/azure-powershell#4557",
    ("SecurityRuleInvalidPortRange", ""): "Azure/azure-cli#23499",
    ("SecurityRuleInvalidPriority", ""): "pulumi/pulumi-azure-native#2221",
    ("SecurityRuleMissingParameter", ""): LAB,
    ("SecurityRuleParameterConflict", ""): LAB,
    ("SecurityRuleParameterContainsUnsupportedValue", ""): f"{_AZURERM}#5617",
    ("SubnetIsFull", ""): LAB,
    ("SubscriptionNotFound", ""): LAB,
    ("VMExtensionProvisioningError", ""): LAB,
    ("VMExtensionProvisioningTimeout", ""): "Azure/custom-script-extension-linux#172",
}
"""(code, part of the text) -> the report that quotes Azure, or ``LAB``."""


def source(code: str, message: str) -> str:
    """Return where an error's text is from, `LAB` for the project's own wording.

    >>> source("NicInUse", "...").partition("#")[2]
    '8105'
    """
    return next(
        (found for (one, part), found in SOURCES.items() if one == code and part in message),
        LAB,
    )
