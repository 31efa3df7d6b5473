# Prints, as one line of JSON, what a repair may have changed on this machine: services,
# registry, VSS writers, accounts, permissions. Sections and names are those in which a
# simulated host tells its state, so that a scenario's list of allowed changes fits both.
# What changes by itself (times, process ids, handles) is left out.
$ErrorActionPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'

$starts = @{ Boot = 'boot'; System = 'system'; Auto = 'auto'; Manual = 'demand'; Disabled = 'disabled' }
$services = @{}
foreach ($s in @(Get-CimInstance -ClassName Win32_Service) + @(Get-CimInstance -ClassName Win32_SystemDriver)) {
    # Per-user services carry a number that differs at every logon.
    $name = $s.Name -replace '_[0-9a-f]{4,8}$', '_*'
    $start = $starts[[string]$s.StartMode]
    if ($start -eq 'auto' -and $s.DelayedAutoStart) { $start = 'delayed-auto' }
    $services[$name] = @{
        state   = ([string]$s.State).ToUpper().Replace(' ', '_')
        start   = $start
        account = [string]$s.StartName
    }
}

$kinds = @{
    String = 'REG_SZ'; ExpandString = 'REG_EXPAND_SZ'; DWord = 'REG_DWORD'; QWord = 'REG_QWORD'
    MultiString = 'REG_MULTI_SZ'; Binary = 'REG_BINARY'; None = 'REG_NONE'
}
$registry = @{}

function Read-Key($key) {
    $values = @{}
    foreach ($name in $key.GetValueNames()) {
        $kind = $kinds[$key.GetValueKind($name).ToString()]
        $data = $key.GetValue($name, $null, 'DoNotExpandEnvironmentNames')
        if ($data -is [byte[]]) { $data = [BitConverter]::ToString($data).Replace('-', '').ToLower() }
        $values[$name] = @($kind, $data)
    }
    $registry[$key.Name] = $values
}

$system = 'HKLM:\SYSTEM\CurrentControlSet'
foreach ($path in "$system\Control\BackupRestore", "$system\Control\SafeBoot", "$system\Services\VSS",
                  'HKLM:\SOFTWARE\Microsoft\BcdrAgent', 'HKLM:\SOFTWARE\Microsoft\BcdrAgentPersistentKeys',
                  'HKLM:\SOFTWARE\Microsoft\Windows Azure', 'HKLM:\SOFTWARE\Microsoft\GuestAgent',
                  'HKLM:\SOFTWARE\Microsoft\Ole') {
    if (-not (Test-Path -LiteralPath $path)) { continue }
    Read-Key (Get-Item -LiteralPath $path)
    foreach ($key in Get-ChildItem -LiteralPath $path -Recurse) { Read-Key $key }
}
foreach ($path in "$system\Control\Session Manager\Environment", "$system\Services\Tcpip\Parameters",
                  'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings') {
    if (Test-Path -LiteralPath $path) { Read-Key (Get-Item -LiteralPath $path) }
}

$writers = @{}
$writer = $null
foreach ($line in vssadmin.exe list writers) {
    if ($line -match "^Writer name: '(.*)'") {
        $writer = $Matches[1]
        $writers[$writer] = @{}
    }
    elseif ($writer -and $line -match '^\s+State: \[(\d+)\]') { $writers[$writer].state = [int]$Matches[1] }
    elseif ($writer -and $line -match '^\s+Last error: (.*?)\s*$') { $writers[$writer].last_error = $Matches[1] }
}

$users = @{}
foreach ($u in Get-LocalUser) { $users[$u.Name] = @{ sid = $u.SID.Value; enabled = $u.Enabled; groups = @() } }
foreach ($group in Get-LocalGroup) {
    foreach ($member in Get-LocalGroupMember -Group $group) {
        $name = ([string]$member.Name).Split('\')[-1]
        if ($users.ContainsKey($name)) { $users[$name].groups += $group.Name }
    }
}

$files = @{}
foreach ($path in "$env:ProgramData\Microsoft\Crypto\RSA\MachineKeys", "$env:windir\System32\config\systemprofile",
                  "$env:windir\winsxs\Catalogs", "$env:windir\winsxs\temp\PendingRenames", 'C:\WindowsAzure',
                  'C:\Packages', 'C:\Packages\Plugins', "$env:windir\Temp") {
    if (Test-Path -LiteralPath $path) { $files[$path] = @{ sddl = (Get-Acl -LiteralPath $path).Sddl } }
}
$hosts = "$env:windir\System32\drivers\etc\hosts"
if (Test-Path -LiteralPath $hosts) {
    $files[$hosts] = @{ sddl = (Get-Acl -LiteralPath $hosts).Sddl; text = [IO.File]::ReadAllText($hosts) }
}

@{ services = $services; registry = $registry; vss = @{ writers = $writers }; users = $users; files = $files } |
    ConvertTo-Json -Depth 6 -Compress
