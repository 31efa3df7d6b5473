"""Descriptions of the services that fault scenarios and their readers meet most.

As ``sc qdescription`` prints them on Windows Server 2019; a service that is not listed
has none.
"""

from __future__ import annotations

DESCRIPTIONS = {
    "BITS": "Transfers files in the background using idle network bandwidth. If the service is disabled, then "
    "any applications that depend on BITS, such as Windows Update or MSN Explorer, will be unable to "
    "automatically download programs and other information.",
    "COMSysApp": "Manages the configuration and tracking of Component Object Model (COM)+-based components. If "
    "the service is stopped, most COM+-based components will not function properly. If this service is "
    "disabled, any services that explicitly depend on it will fail to start.",
    "CryptSvc": "Provides three management services: Catalog Database Service, which confirms the signatures of "
    "Windows files and allows new programs to be installed; Protected Root Service, which adds and removes "
    "Trusted Root Certification Authority certificates from this computer; and Automatic Root Certificate "
    "Update Service, which retrieves root certificates from Windows Update and enable scenarios such as SSL. "
    "If this service is stopped, these management services will not function properly. If this service is "
    "disabled, any services that explicitly depend on it will fail to start.",
    "Dhcp": "Registers and updates IP addresses and DNS records for this computer. If this service is stopped, "
    "this computer will not receive dynamic IP addresses and DNS updates. If this service is disabled, any "
    "services that explicitly depend on it will fail to start.",
    "EventLog": "This service manages events and event logs. It supports logging events, querying events, "
    "subscribing to events, archiving event logs, and managing event metadata. It can display events in both "
    "XML and plain text format. Stopping this service may compromise security and reliability of the system.",
    "EventSystem": "Supports System Event Notification Service (SENS), which provides automatic distribution of "
    "events to subscribing Component Object Model (COM) components. If the service is stopped, SENS will close "
    "and will not be able to provide logon and logoff notifications. If this service is disabled, any services "
    "that explicitly depend on it will fail to start.",
    "LanmanServer": "Supports file, print, and named-pipe sharing over the network for this computer. If this "
    "service is stopped, these functions will be unavailable. If this service is disabled, any services that "
    "explicitly depend on it will fail to start.",
    "MSDTC": "Coordinates transactions that span multiple resource managers, such as databases, message queues, "
    "and file systems. If this service is stopped, these transactions will fail. If this service is disabled, "
    "any services that explicitly depend on it will fail to start.",
    "msiserver": "Adds, modifies, and removes applications provided as a Windows Installer (*.msi, *.msp) "
    "package. If this service is disabled, any services that explicitly depend on it will fail to start.",
    "RpcSs": "The RPCSS service is the Service Control Manager for COM and DCOM servers. It performs object "
    "activations requests, object exporter resolutions and distributed garbage collection for COM and DCOM "
    "servers. If this service is stopped or disabled, programs using COM or DCOM will not function properly. "
    "It is strongly recommended that you have the RPCSS service running.",
    "Schedule": "Enables a user to configure and schedule automated tasks on this computer. The service also "
    "hosts multiple Windows system-critical tasks. If this service is stopped or disabled, these tasks will "
    "not be run at their scheduled times. If this service is disabled, any services that explicitly depend on "
    "it will fail to start.",
    "Spooler": "This service spools print jobs and handles interaction with the printer.  If you turn off this "
    "service, you won't be able to print or see your printers.",
    "swprv": "Manages software-based volume shadow copies taken by the Volume Shadow Copy service. If this "
    "service is stopped, software-based volume shadow copies cannot be managed. If this service is disabled, "
    "any services that explicitly depend on it will fail to start.",
    "TrustedInstaller": "Enables installation, modification, and removal of Windows updates and optional "
    "components. If this service is disabled, install or uninstall of Windows updates might fail for this "
    "computer.",
    "VSS": "Manages and implements Volume Shadow Copies used for backup and other purposes. If this service is "
    "stopped, shadow copies will be unavailable for backup and the backup may fail. If this service is "
    "disabled, any services that explicitly depend on it will fail to start.",
    "W32Time": "Maintains date and time synchronization on all clients and servers in the network. If this "
    "service is stopped, date and time synchronization will be unavailable. If this service is disabled, any "
    "services that explicitly depend on it will fail to start.",
    "Winmgmt": "Provides a common interface and object model to access management information about operating "
    "system, devices, applications and services. If this service is stopped, most Windows-based software will "
    "not function properly. If this service is disabled, any services that explicitly depend on it will fail "
    "to start.",
    "WinRM": "Windows Remote Management (WinRM) service implements the WS-Management protocol for remote "
    "management. WS-Management is a standard web services protocol used for remote software and hardware "
    "management. The WinRM service listens on the network for WS-Management requests and processes them. The "
    "WinRM Service needs to be configured with a listener using winrm.cmd command line tool or through Group "
    "Policy in order for it to listen over the network. The WinRM service provides access to WMI data and "
    "enables event collection. Event collection and subscription to events require that the service is "
    "running. WinRM messages use HTTP and HTTPS as transports. The WinRM service does not depend on IIS but is "
    "preconfigured to share a port with IIS on the same machine.  The WinRM service reserves the /wsman URL "
    "prefix. To prevent conflicts with IIS, administrators should ensure that any websites hosted on IIS do "
    "not use the /wsman URL prefix.",
    "wuauserv": "Enables the detection, download, and installation of updates for Windows and other programs. If "
    "this service is disabled, users of this computer will not be able to use Windows Update or its automatic "
    "updating feature, and programs will not be able to use the Windows Update Agent (WUA) API.",
}
