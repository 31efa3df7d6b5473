r"""The files of a fresh Windows Server 2019 on Azure that programs, scripts and services look for."""

from __future__ import annotations

from functools import cache

from fakes.windows.model.files import Entry

VERSION = "10.0.17763.1"
AGENT_VERSION = "2.7.41491.901"
# Programs of %SystemRoot%\System32 beside those that services run.
SYSTEM32 = """
at attrib auditpol autochk bcdboot bcdedit bitsadmin bootcfg cacls calc certreq certutil change charmap
chglogon chgport chgusr chkdsk chkntfs choice cipher cleanmgr cliconfg clip cmd cmdkey cmstp comp compact
conhost consent control convert cscript csrss ctfmon curl dcomcnfg defrag dfrgui diantz diskpart
diskperf diskraid diskshadow dism dispdiag djoin dllhost dnscacheugc doskey driverquery dsregcmd dwm dxdiag
eventcreate eventvwr expand extrac32 fc find findstr finger fltmc fontdrvhost forfiles fsutil ftp getmac
gpfixup gpresult gpupdate hdwwiz hostname icacls iexpress ipconfig iscsicli iscsicpl klist ksetup
ktmutil label lodctr logagent logman logoff LogonUI lsass makecab manage-bde mmc mountvol mpnotify mrinfo
mshta msconfig msdt msdtc msg msiexec msinfo32 mstsc nbtstat net net1 netcfg netdom netiougc netsh netstat
nltest notepad nslookup odbcconf openfiles pathping perfmon ping pnputil powercfg print printui
qappsrv qprocess query quser qwinsta rasdial rdpclip reagentc recover reg regedt32 regini regsvr32 relog
repair-bde replace reset resmon robocopy route rpcping rundll32 runas rwinsta sc schtasks sdbinst secedit
services setspn setx sfc shadow shutdown sigverif slui smss snmptrap sort spoolsv subst svchost systeminfo
takeown tar taskhostw taskkill tasklist taskmgr tcmsetup timeout tpmvscmgr tracerpt tracert
tree tscon tsdiscon tskill typeperf tzutil unlodctr userinit verifier verclsid vds vssadmin vssvc w32tm
waitfor wbadmin wbengine wecutil werfault wevtutil wextract where whoami wininit winlogon winrs winrshost
winver wmic wscript wsmprovhost wusa xcopy locator alg
"""


def _dir(name: str, *children: Entry, sddl: str | None = None, attributes: str = "") -> Entry:
    return Entry(
        name, is_dir=True, children={c.name.lower(): c for c in children}, sddl=sddl, attributes=attributes
    )


def _program(name: str, version: str = VERSION, size: int = 0) -> Entry:
    return Entry(
        name, known_size=size or 20_480 + 512 * (sum(map(ord, name)) % 700), version=version, attributes="A"
    )


def _text(name: str, text: str) -> Entry:
    return Entry(name, content=text.replace("\n", "\r\n").encode(), attributes="A")


# Default descriptors of Windows Server 2019. MachineKeys: see azure-docs,
# articles/backup/backup-azure-vms-troubleshoot.md (ExtensionConfigParsingFailure).
DRIVE_SDDL = (
    "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    "G:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)(A;OICIIO;FA;;;CO)"
)
MACHINE_KEYS_SDDL = "O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)"

_HOSTS = """\
# Copyright (c) 1993-2009 Microsoft Corp.
#
# This is a sample HOSTS file used by Microsoft TCP/IP for Windows.
#
# localhost name resolution is handled within DNS itself.
#	127.0.0.1       localhost
#	::1             localhost
"""


@cache
def template() -> Entry:
    """Return the tree every host starts from; shared, never changed."""
    from fakes.windows.model.service_table import SERVICES

    programs = {f"{name}.exe": _program(f"{name}.exe") for name in SYSTEM32.split()}
    for line in SERVICES.splitlines():
        process = line.split("|")[5]
        if process.startswith("~"):
            name = process[1:].split(" ")[0]
            if "\\" not in name:
                programs.setdefault(name, _program(name))
    programs.update(
        {name: _program(name) for name in ("chcp.com", "format.com", "mode.com", "more.com", "tree.com")}
    )
    del programs["tree.exe"]
    libraries = [_program(f"{name}.dll") for name in (
        "kernel32", "ntdll", "advapi32", "user32", "vssapi", "eventcls", "es", "ole32", "oleaut32", "swprv", "vss_ps",
        "cryptsvc", "msi", "mscoree", "schannel", "stdprov", "vssui", "msxml3", "comsvcs", "catsrvut",
    )]  # fmt: skip
    system32 = _dir(
        "System32",
        *programs.values(),
        *libraries,
        _dir(
            "config",
            *(_program(hive) for hive in ("COMPONENTS", "DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM")),
        ),
        _dir(
            "drivers",
            _dir("etc", _text("hosts", _HOSTS), _text("lmhosts.sam", "#\n"), _text("services", "#\n")),
        ),
        _dir(
            "wbem",
            *(
                _program(n)
                for n in ("WmiApSrv.exe", "WMIC.exe", "WmiPrvSE.exe", "mofcomp.exe", "winmgmt.exe")
            ),
        ),
        _dir(
            "WindowsPowerShell",
            _dir("v1.0", _program("powershell.exe"), _program("powershell_ise.exe"), _dir("Modules")),
        ),
        _dir("OpenSSH", _program("ssh-agent.exe"), _program("ssh.exe")),
        _dir("DiagSvcs", _program("DiagnosticsHub.StandardCollector.Service.exe")),
        _dir("Tasks"),
        _dir(
            "winevt",
            _dir("Logs", *(_program(f"{n}.evtx") for n in ("Application", "Security", "Setup", "System"))),
        ),
    )
    framework = _dir("v4.0.30319", _program("SMSvcHost.exe", "4.7.3190.0"), _program("csc.exe", "4.7.3190.0"))
    windows = _dir(
        "Windows",
        system32,
        _dir("SysWOW64", _program("perfhost.exe"), _program("cmd.exe"), _program("msiexec.exe")),
        _dir("Microsoft.NET", _dir("Framework", framework), _dir("Framework64", framework)),
        _dir("servicing", _program("TrustedInstaller.exe")),
        _dir("Logs", _dir("CBS", _text("CBS.log", ""))),
        _dir("Temp"),
        _dir("Installer", attributes="HS"),
        _program("explorer.exe"),
        _program("regedit.exe"),
        _program("notepad.exe"),
        _text(
            "win.ini",
            "; for 16-bit app support\n[fonts]\n[extensions]\n[mci extensions]\n[files]\n[Mail]\nMAPI=1\n",
        ),
    )
    crypto = _dir("Crypto", _dir("RSA", _dir("MachineKeys", sddl=MACHINE_KEYS_SDDL), _dir("S-1-5-18")))
    agent = _dir(
        "Packages",
        _program("WaAppAgent.exe", AGENT_VERSION, 2_391_976),
        _dir("GuestAgent", _program("WindowsAzureGuestAgent.exe", AGENT_VERSION, 82_344)),
        _dir("Telemetry", _program("WindowsAzureTelemetryService.exe", AGENT_VERSION, 41_384)),
    )
    c = _dir(
        "C:",
        windows,
        _dir("Program Files", _dir("Common Files"), _dir("Internet Explorer"), _dir(
            "Windows Defender", _program("MsMpEng.exe", "4.18.1807.18075"), _program("NisSrv.exe", "4.18.1807.18075"),
            _program("MpCmdRun.exe", "4.18.1807.18075"),
        ), _dir("Windows Defender Advanced Threat Protection", _program("MsSense.exe"))),
        _dir("Program Files (x86)", _dir("Common Files")),
        _dir("ProgramData", _dir("Microsoft", crypto, _dir("Windows Defender")), attributes="H"),
        _dir("Users", _dir("Public", _dir("Documents"), _dir("Downloads")), _dir("Default", attributes="H")),
        _dir("PerfLogs"),
        _dir("Packages", _dir("Plugins")),
        _dir("WindowsAzure", agent, _dir("Logs", _dir("Plugins"), _text("WaAppAgent.log", "")), _dir("Config")),
        sddl=DRIVE_SDDL,
    )  # fmt: skip
    d = _dir(
        "D:", _text("DATALOSS_WARNING_README.txt", "WARNING: THIS IS A TEMPORARY DISK.\n"), sddl=DRIVE_SDDL
    )
    return _dir("", c, d)
