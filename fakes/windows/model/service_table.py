r"""The services of a fresh Windows Server 2019 virtual machine on Azure.

One line per service::

    name | display name | start | state | account | process | dependencies | control

start: A automatic, D automatic (delayed start), M manual, X disabled, B boot, S system;
a trailing ``t`` means that triggers start it. state: R running after start-up, - not.
account: S LocalSystem, L LocalService, N NetworkService. process: ``k:GROUP`` is a
svchost.exe of its own in that service group, ``k:GROUP*`` the svchost.exe that the group's
starred services share (SvcHostSplitDisable), ``d:FILE`` a kernel driver, otherwise the
command line (``~`` stands for %SystemRoot%\system32\). control: ``^`` the running service
does not accept stop (error 1052), ``!`` its security descriptor lets administrators not
stop it (error 5), ``p`` it accepts pause, ``h`` it asks to hear of the shutdown.

Sources: the default service tables of MicrosoftDocs ("Guidance on disabling system
services on Windows Server 2016 with Desktop Experience"), ``sc qc`` transcripts.
"""

from __future__ import annotations

DRIVERS = """\
HTTP|HTTP Service|M|R||d:HTTP.sys||
Tcpip|TCP/IP Protocol Driver|B|R||d:tcpip.sys||
Afd|Ancillary Function Driver for Winsock|S|R||d:afd.sys||
tdx|NetIO Legacy TDI Support Driver|S|R||d:tdx.sys|Tcpip|
nsiproxy|NSI Proxy Service Driver|S|R||d:nsiproxy.sys||
srvnet|srvnet|M|R||d:srvnet.sys||
srv2|Server SMB 2.xxx Driver|M|R||d:srv2.sys|srvnet|
bowser|Browser|M|R||d:bowser.sys||
mrxsmb|SMB MiniRedirector Wrapper and Engine|M|R||d:mrxsmb.sys|rdbss|
mrxsmb20|SMB 2.0 MiniRedirector|M|R||d:mrxsmb20.sys|mrxsmb|
rdbss|Redirected Buffering Sub System|S|R||d:rdbss.sys|Mup|
Mup|Mup|B|R||d:mup.sys||
volsnap|Volume Shadow Copy driver|B|R||d:volsnap.sys||
volume|Volume driver|B|R||d:volume.sys||
volmgr|Volume Manager Driver|B|R||d:volmgr.sys||
vmbus|Virtual Machine Bus|B|R||d:vmbus.sys||
netvsc|netvsc|M|R||d:netvsc.sys||
storvsc|storvsc|B|R||d:storvsc.sys||
disk|Disk Driver|B|R||d:disk.sys||
FltMgr|FltMgr|B|R||d:fltmgr.sys||
Ntfs|Ntfs|M|R||d:Ntfs.sys||
WfpLwfs|Microsoft Windows Filtering Platform|B|R||d:wfplwfs.sys||
mpsdrv|Windows Defender Firewall Authorization Driver|M|R||d:mpsdrv.sys||
KSecDD|KSecDD|B|R||d:ksecdd.sys||
WdFilter|Windows Defender Antivirus Mini-Filter Driver|B|R||d:wd\\WdFilter.sys||
cdrom|CD-ROM Driver|S|R||d:cdrom.sys||
AppID|AppID Driver|M|-||d:appid.sys|FltMgr|
Ndisuio|NDIS Usermode I/O Protocol|M|R||d:ndisuio.sys||
lltdio|Link-Layer Topology Discovery Mapper I/O Driver|A|R||d:lltdio.sys||
rspndr|Link-Layer Topology Discovery Responder|A|R||d:rspndr.sys||
Psched|QoS Packet Scheduler|S|R||d:pacer.sys||
QWAVEdrv|QWAVE driver|M|-||d:qwavedrv.sys||
RasAcd|Remote Access Auto Connection Driver|M|-||d:rasacd.sys||
FileInfo|File Information FS MiniFilter|B|R||d:fileinfo.sys|FltMgr|
RDPDR|Remote Desktop Device Redirector Driver|M|R||d:rdpdr.sys||
vmgid|Microsoft Hyper-V Guest Infrastructure Driver|S|R||d:vmgid.sys||
WdNisDrv|Windows Defender Antivirus Network Inspection System Driver|M|R||d:wd\\WdNisDrv.sys||
Null|Null|S|R||d:null.sys||
Beep|Beep|S|R||d:beep.sys||
"""

SERVICES = """\
AJRouter|AllJoyn Router Service|Mt|-|L|k:LocalServiceNetworkRestricted||
ALG|Application Layer Gateway Service|M|-|L|~alg.exe||
AppIDSvc|Application Identity|Mt|-|L|k:LocalServiceNetworkRestricted|RpcSs,AppID,CryptSvc|
Appinfo|Application Information|Mt|-|S|k:netsvcs|RpcSs,ProfSvc|
AppMgmt|Application Management|M|-|S|k:netsvcs||
AppReadiness|App Readiness|M|-|S|k:AppReadiness||
AppVClient|Microsoft App-V Client|X|-|S|~AppVClient.exe|RpcSS,netprofm|
AppXSvc|AppX Deployment Service (AppXSVC)|M|-|S|k:wsappx|rpcss,staterepository|
AudioEndpointBuilder|Windows Audio Endpoint Builder|M|-|S|k:LocalSystemNetworkRestricted||
Audiosrv|Windows Audio|M|-|L|k:LocalServiceNetworkRestricted|AudioEndpointBuilder,RpcSs|
AxInstSV|ActiveX Installer (AxInstSV)|X|-|S|k:AxInstSVGroup|rpcss|
BFE|Base Filtering Engine|A|R|L|k:LocalServiceNoNetworkFirewall*|RpcSs,WfpLwfs|!
BITS|Background Intelligent Transfer Service|M|-|S|k:netsvcs|RpcSs|h
BrokerInfrastructure|Background Tasks Infrastructure Service|A|R|S|k:DcomLaunch*|RpcEptMapper,DcomLaunch,RpcSs|!
BTAGService|Bluetooth Audio Gateway Service|Mt|-|L|k:LocalServiceNetworkRestricted|rpcss|
bthserv|Bluetooth Support Service|Mt|-|L|k:LocalService||
camsvc|Capability Access Manager Service|M|-|S|k:appmodel||
CDPSvc|Connected Devices Platform Service|Dt|R|L|k:LocalService|ncbservice,RpcSS,Tcpip|
CertPropSvc|Certificate Propagation|M|R|S|k:netsvcs|RpcSs|
ClipSVC|Client License Service (ClipSVC)|Mt|-|S|k:wsappx|rpcss|
COMSysApp|COM+ System Application|M|-|S|~dllhost.exe /Processid:{02D4B3F1-FD88-11D1-960D-00805FC79235}|RpcSs,EventSystem,SENS|
CoreMessagingRegistrar|CoreMessaging|A|R|L|k:LocalServiceNoNetwork|rpcss|^
CryptSvc|Cryptographic Services|A|R|N|k:NetworkService|RpcSs|h
CscService|Offline Files|X|-|S|k:LocalSystemNetworkRestricted|RpcSs|
DcomLaunch|DCOM Server Process Launcher|A|R|S|k:DcomLaunch*||^
defragsvc|Optimize drives|M|-|S|k:defragsvc|RPCSS|
DeviceAssociationService|Device Association Service|Mt|-|S|k:LocalSystemNetworkRestricted||
DeviceInstall|Device Install Service|Mt|-|S|k:DcomLaunch*||
DevQueryBroker|DevQuery Background Discovery Broker|Mt|-|S|k:LocalSystemNetworkRestricted||
Dhcp|DHCP Client|A|R|L|k:LocalServiceNetworkRestricted|NSI,Tdx,Afd|h
diagnosticshub.standardcollector.service|Microsoft (R) Diagnostics Hub Standard Collector Service|M|-|S|~DiagSvcs\\DiagnosticsHub.StandardCollector.Service.exe||
DiagTrack|Connected User Experiences and Telemetry|A|R|S|k:utcsvc|RpcSs|h
DmEnrollmentSvc|Device Management Enrollment Service|M|-|S|k:netsvcs|rpcss|
dmwappushservice|dmwappushsvc|X|-|S|k:netsvcs|rpcss|
Dnscache|DNS Client|At|R|N|k:NetworkService|nsi,Tdx|!
DoSvc|Delivery Optimization|Dt|-|N|k:NetworkService|rpcss|
dot3svc|Wired AutoConfig|M|-|S|k:LocalSystemNetworkRestricted|RpcSs,Ndisuio,Eaphost|
DPS|Diagnostic Policy Service|D|R|L|k:LocalServiceNoNetwork||
DsmSvc|Device Setup Manager|Mt|-|S|k:netsvcs|RpcSs|
DsSvc|Data Sharing Service|Mt|-|S|k:LocalSystemNetworkRestricted||
EapHost|Extensible Authentication Protocol|M|-|S|k:netsvcs|RPCSS,KeyIso|
EFS|Encrypting File System (EFS)|Mt|-|S|~lsass.exe|RPCSS|
embeddedmode|Embedded Mode|Mt|-|S|k:LocalSystemNetworkRestricted|BrokerInfrastructure|
EntAppSvc|Enterprise App Management Service|M|-|S|k:appmodel|rpcss|
EventLog|Windows Event Log|A|R|L|k:LocalServiceNetworkRestricted||h
EventSystem|COM+ Event System|A|R|L|k:LocalService|rpcss|
fdPHost|Function Discovery Provider Host|M|-|L|k:LocalService|RpcSs,http|
FDResPub|Function Discovery Resource Publication|Mt|-|L|k:LocalServiceAndNoImpersonation|RpcSs,http,fdphost|
FontCache|Windows Font Cache Service|A|R|L|k:LocalService||h
FrameServer|Windows Camera Frame Server|Mt|-|L|k:Camera|rpcss|
gpsvc|Group Policy Client|At|R|S|k:netsvcs|RPCSS,Mup|!
GraphicsPerfSvc|GraphicsPerfSvc|X|-|S|k:GraphicsPerfSvcGroup||
hidserv|Human Interface Device Service|Mt|-|S|k:LocalSystemNetworkRestricted||
HvHost|HV Host Service|Mt|-|S|k:LocalSystemNetworkRestricted||
icssvc|Windows Mobile Hotspot Service|Xt|-|L|k:LocalServiceNetworkRestricted|RpcSs,wcmsvc|
IKEEXT|IKE and AuthIP IPsec Keying Modules|At|R|S|k:netsvcs|BFE,nsi|
InstallService|Microsoft Store Install Service|M|-|S|k:netsvcs|rpcss|
iphlpsvc|IP Helper|A|R|S|k:NetSvcs|RpcSS,Tcpip,nsi,WinHttpAutoProxySvc|
KeyIso|CNG Key Isolation|Mt|R|S|~lsass.exe|RpcSs|^
KPSSVC|KDC Proxy Server service (KPS)|M|-|N|k:KpsSvcGroup|rpcss,http|
KtmRm|KtmRm for Distributed Transaction Coordinator|Mt|-|N|k:NetworkServiceAndNoImpersonation|RPCSS,SamSS|
LanmanServer|Server|At|R|S|k:netsvcs|SamSS,Srv2|p
LanmanWorkstation|Workstation|A|R|N|k:NetworkService|Bowser,MRxSmb20,NSI|p
lfsvc|Geolocation Service|Xt|-|S|k:netsvcs|RpcSs|
LicenseManager|Windows License Manager Service|Mt|R|L|k:LocalService|rpcss|
lltdsvc|Link-Layer Topology Discovery Mapper|M|-|L|k:LocalService|rpcss,lltdio|
lmhosts|TCP/IP NetBIOS Helper|Mt|R|L|k:LocalServiceNetworkRestricted|Afd|
LSM|Local Session Manager|A|R|S|k:DcomLaunch|RpcEptMapper,DcomLaunch,RpcSs|^
MapsBroker|Downloaded Maps Manager|D|-|N|k:NetworkService|rpcss|
mpssvc|Windows Defender Firewall|A|R|L|k:LocalServiceNoNetworkFirewall*|mpsdrv,bfe|!
MSDTC|Distributed Transaction Coordinator|D|R|N|~msdtc.exe|RPCSS,SamSS|h
MSiSCSI|Microsoft iSCSI Initiator Service|M|-|S|k:netsvcs||
msiserver|Windows Installer|M|-|S|~msiexec.exe /V|rpcss|
NcaSvc|Network Connectivity Assistant|Mt|-|S|k:NetSvcs|BFE,dnscache,NSI,iphlpsvc|
NcbService|Network Connection Broker|Mt|R|S|k:LocalSystemNetworkRestricted|RpcSS,tcpip|
Netlogon|Netlogon|M|-|S|~lsass.exe|LanmanWorkstation|
Netman|Network Connections|M|-|S|k:LocalSystemNetworkRestricted|RpcSs,nsi|
netprofm|Network List Service|M|R|L|k:LocalService|RpcSs,nlasvc|
NetSetupSvc|Network Setup Service|Mt|-|S|k:netsvcs||
NetTcpPortSharing|Net.Tcp Port Sharing Service|X|-|L|%SystemRoot%\\Microsoft.NET\\Framework64\\v4.0.30319\\SMSvcHost.exe||
NgcCtnrSvc|Microsoft Passport Container|Mt|-|L|k:LocalServiceNetworkRestricted|RpcSs|
NgcSvc|Microsoft Passport|Mt|-|S|k:LocalSystemNetworkRestricted|RpcSs|
NlaSvc|Network Location Awareness|A|R|N|k:NetworkService|NSI,RpcSs,TcpIp,Dhcp,Eventlog|
nsi|Network Store Interface Service|A|R|L|k:LocalService|rpcss,nsiproxy|
PcaSvc|Program Compatibility Assistant Service|M|-|S|k:LocalSystemNetworkRestricted|RpcSs|
PerfHost|Performance Counter DLL Host|M|-|L|%SystemRoot%\\SysWow64\\perfhost.exe|RPCSS|
PhoneSvc|Phone Service|Xt|-|L|k:LocalService|rpcss|
PimIndexMaintenanceSvc|Contact Data|M|-|S|k:UnistackSvcGroup||
pla|Performance Logs & Alerts|M|-|L|k:LocalServiceNoNetwork|RPCSS|
PlugPlay|Plug and Play|M|R|S|k:DcomLaunch*||!
PolicyAgent|IPsec Policy Agent|Mt|R|N|k:NetworkServiceNetworkRestricted|Tcpip,bfe|
Power|Power|A|R|S|k:DcomLaunch*||!
PrintNotify|Printer Extensions and Notifications|M|-|S|k:print|RpcSs|
ProfSvc|User Profile Service|A|R|S|k:UserProfileService|RpcSs|h
PushToInstall|Windows PushToInstall Service|Xt|-|S|k:netsvcs|rpcss|
QWAVE|Quality Windows Audio Video Experience|M|-|L|k:LocalServiceAndNoImpersonation|rpcss,psched,QWAVEdrv,LLTDIO|
RasAuto|Remote Access Auto Connection Manager|M|-|S|k:netsvcs|RasAcd|
RasMan|Remote Access Connection Manager|M|-|S|k:netsvcs|SstpSvc,DnsCache|
RdAgent|RdAgent|A|R|S|C:\\WindowsAzure\\Packages\\WaAppAgent.exe||h
RemoteAccess|Routing and Remote Access|X|-|S|k:netsvcs|RpcSS,Bfe,RasMan,Http|
RemoteRegistry|Remote Registry|Mt|-|L|k:localService|RPCSS|
RmSvc|Radio Management Service|X|-|L|k:LocalServiceNetworkRestricted|RpcSs|
RpcEptMapper|RPC Endpoint Mapper|A|R|N|k:RPCSS*||^
RpcLocator|Remote Procedure Call (RPC) Locator|M|-|N|~locator.exe||
RpcSs|Remote Procedure Call (RPC)|A|R|N|k:rpcss*|RpcEptMapper,DcomLaunch|^
RSoPProv|Resultant Set of Policy Provider|M|-|S|~RSoPProv.exe|RPCSS|
sacsvr|Special Administration Console Helper|M|-|S|k:netsvcs||
SamSs|Security Accounts Manager|A|R|S|~lsass.exe|RPCSS|^
SCardSvr|Smart Card|Mt|-|L|k:LocalServiceAndNoImpersonation||
ScDeviceEnum|Smart Card Device Enumeration Service|Xt|-|S|k:LocalSystemNetworkRestricted||
Schedule|Task Scheduler|A|R|S|k:netsvcs|RPCSS,SystemEventsBroker|!
SCPolicySvc|Smart Card Removal Policy|M|-|S|k:netsvcs|RpcSs|
seclogon|Secondary Logon|M|-|S|k:netsvcs||
SecurityHealthService|Windows Security Service|M|-|S|~SecurityHealthService.exe|RpcSs|
SEMgrSvc|Payments and NFC/SE Manager|X|-|L|k:LocalService|RpcSS|
SENS|System Event Notification Service|A|R|S|k:netsvcs|EventSystem|h
Sense|Windows Defender Advanced Threat Protection Service|M|-|S|%ProgramFiles%\\Windows Defender Advanced Threat Protection\\MsSense.exe||
SensorDataService|Sensor Data Service|X|-|S|~SensorDataService.exe||
SensorService|Sensor Service|Xt|-|S|k:LocalSystemNetworkRestricted||
SensrSvc|Sensor Monitoring Service|Xt|-|L|k:LocalServiceAndNoImpersonation||
SessionEnv|Remote Desktop Configuration|M|R|S|k:netsvcs|RPCSS,LanmanWorkstation|
SgrmBroker|System Guard Runtime Monitor Broker|M|-|S|~SgrmBroker.exe|RpcSs|
SharedAccess|Internet Connection Sharing (ICS)|X|-|S|k:netsvcs|BFE|
ShellHWDetection|Shell Hardware Detection|A|R|S|k:netsvcs|RpcSs|
shpamsvc|Shared PC Account Manager|X|-|S|k:netsvcs|RpcSs,ProfSvc|
smphost|Microsoft Storage Spaces SMP|M|-|N|k:smphost|RPCSS|
SNMPTRAP|SNMP Trap|M|-|L|~snmptrap.exe||
Spooler|Print Spooler|A|R|S|~spoolsv.exe|RPCSS,http|
sppsvc|Software Protection|Dt|-|N|~sppsvc.exe|RpcSs|
SSDPSRV|SSDP Discovery|X|-|L|k:LocalServiceAndNoImpersonation|HTTP,NSI|
ssh-agent|OpenSSH Authentication Agent|X|-|S|~OpenSSH\\ssh-agent.exe||
SstpSvc|Secure Socket Tunneling Protocol Service|M|-|L|k:LocalService||
StateRepository|State Repository Service|M|R|S|k:appmodel|rpcss|^
stisvc|Windows Image Acquisition (WIA)|Mt|-|L|k:imgsvc|RpcSs,ShellHWDetection|
StorSvc|Storage Service|Mt|R|S|k:LocalSystemNetworkRestricted|RPCSS|
svsvc|Spot Verifier|Mt|-|S|k:LocalSystemNetworkRestricted||
swprv|Microsoft Software Shadow Copy Provider|M|-|S|k:swprv|RPCSS|
SysMain|SysMain|A|R|S|k:LocalSystemNetworkRestricted|rpcss,fileinfo|
SystemEventsBroker|System Events Broker|At|R|S|k:DcomLaunch*|RpcEptMapper,RpcSs|!
TabletInputService|Touch Keyboard and Handwriting Panel Service|Mt|R|S|k:LocalSystemNetworkRestricted|RpcSs|
tapisrv|Telephony|M|-|N|k:NetworkService|RpcSs|
TermService|Remote Desktop Services|M|R|N|k:termsvcs|RPCSS|
Themes|Themes|A|R|S|k:netsvcs||
TieringEngineService|Storage Tiers Management|M|-|S|~TieringEngineService.exe||
TimeBrokerSvc|Time Broker|Mt|R|L|k:LocalServiceNetworkRestricted|RpcSs|!
TokenBroker|Web Account Manager|M|R|S|k:netsvcs|RpcSs,UserManager|
TrkWks|Distributed Link Tracking Client|A|R|S|k:LocalSystemNetworkRestricted|RpcSs|
TrustedInstaller|Windows Modules Installer|M|-|S|%SystemRoot%\\servicing\\TrustedInstaller.exe||
tzautoupdate|Auto Time Zone Updater|Xt|-|L|k:LocalService||
UALSVC|User Access Logging Service|D|R|S|k:LocalSystemNetworkRestricted|rpcss|
UevAgentService|User Experience Virtualization Service|X|-|S|~AgentService.exe||
UmRdpService|Remote Desktop Services UserMode Port Redirector|M|R|S|k:LocalSystemNetworkRestricted|TermService,RDPDR|
upnphost|UPnP Device Host|X|-|L|k:LocalServiceAndNoImpersonation|SSDPSRV,HTTP|
UserManager|User Manager|At|R|S|k:netsvcs|RpcSs,ProfSvc|^
UsoSvc|Update Orchestrator Service|Dt|R|S|k:netsvcs|rpcss|
VaultSvc|Credential Manager|M|R|S|~lsass.exe|rpcss|
vds|Virtual Disk|M|-|S|~vds.exe|RpcSs|
vmicguestinterface|Hyper-V Guest Service Interface|Mt|-|S|k:LocalSystemNetworkRestricted||
vmicheartbeat|Hyper-V Heartbeat Service|Mt|R|S|k:ICService||
vmickvpexchange|Hyper-V Data Exchange Service|Mt|R|S|k:LocalSystemNetworkRestricted||
vmicrdv|Hyper-V Remote Desktop Virtualization Service|Mt|R|S|k:ICService||
vmicshutdown|Hyper-V Guest Shutdown Service|Mt|R|S|k:LocalSystemNetworkRestricted||
vmictimesync|Hyper-V Time Synchronization Service|Mt|R|L|k:LocalServiceNetworkRestricted|VmGid|
vmicvmsession|Hyper-V PowerShell Direct Service|Mt|-|S|k:LocalSystemNetworkRestricted||
vmicvss|Hyper-V Volume Shadow Copy Requestor|Mt|R|S|k:LocalSystemNetworkRestricted||
VSS|Volume Shadow Copy|M|-|S|~vssvc.exe|RPCSS|
W32Time|Windows Time|At|R|L|k:LocalService||h
WaaSMedicSvc|Windows Update Medic Service|M|-|S|k:wusvcs|rpcss|
WalletService|WalletService|X|-|S|k:appmodel||
WarpJITSvc|WarpJITSvc|Mt|-|L|k:LocalServiceNetworkRestricted||
WbioSrvc|Windows Biometric Service|At|-|S|k:WbioSvcGroup|RpcSs|
Wcmsvc|Windows Connection Manager|At|R|L|k:LocalServiceNetworkRestricted|RpcSs,NSI|
WdiServiceHost|Diagnostic Service Host|M|-|L|k:LocalService||
WdiSystemHost|Diagnostic System Host|M|R|S|k:LocalSystemNetworkRestricted||
WdNisSvc|Windows Defender Antivirus Network Inspection Service|M|R|L|%ProgramFiles%\\Windows Defender\\NisSrv.exe|WdNisDrv|!
Wecsvc|Windows Event Collector|M|-|N|k:NetworkService|HTTP,Eventlog|
WEPHOSTSVC|Windows Encryption Provider Host Service|Mt|-|L|k:WepHostSvcGroup|rpcss|
wercplsupport|Problem Reports and Solutions Control Panel Support|M|-|S|k:netsvcs||
WerSvc|Windows Error Reporting Service|Mt|-|S|k:WerSvcGroup||
WiaRpc|Still Image Acquisition Events|M|-|S|k:LocalSystemNetworkRestricted|RpcSs|
WinDefend|Windows Defender Antivirus Service|A|R|S|%ProgramFiles%\\Windows Defender\\MsMpEng.exe|RpcSs|!
WinHttpAutoProxySvc|WinHTTP Web Proxy Auto-Discovery Service|M|R|L|k:LocalServiceNetworkRestricted|Dhcp|
WindowsAzureGuestAgent|Windows Azure Guest Agent|A|R|S|C:\\WindowsAzure\\Packages\\GuestAgent\\WindowsAzureGuestAgent.exe||h
WindowsAzureTelemetryService|Windows Azure Telemetry Service|A|R|S|C:\\WindowsAzure\\Packages\\Telemetry\\WindowsAzureTelemetryService.exe||h
Winmgmt|Windows Management Instrumentation|A|R|S|k:netsvcs|RPCSS|p
WinRM|Windows Remote Management (WS-Management)|A|R|N|k:NetworkService|RPCSS,HTTP|h
wisvc|Windows Insider Service|X|-|S|k:netsvcs|rpcss|
wlidsvc|Microsoft Account Sign-in Assistant|Mt|-|S|k:netsvcs|RpcSs|
wmiApSrv|WMI Performance Adapter|M|-|S|~wbem\\WmiApSrv.exe||
WPDBusEnum|Portable Device Enumerator Service|Mt|-|S|k:LocalSystemNetworkRestricted|RpcSs|
WpnService|Windows Push Notifications System Service|A|R|S|k:netsvcs|rpcss|
WSearch|Windows Search|X|-|S|~SearchIndexer.exe /Embedding|RPCSS,BrokerInfrastructure|
wuauserv|Windows Update|Mt|-|S|k:netsvcs|rpcss|h
"""
