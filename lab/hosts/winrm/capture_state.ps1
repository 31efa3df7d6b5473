# Prints what a repair may have changed on this machine, as one line of JSON.
# Values that change by themselves (times, process ids, handles) are left out.
$ErrorActionPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'

$services = @{}
foreach ($s in Get-CimInstance -ClassName Win32_Service) {
    # Per-user services carry a number that differs at every logon.
    $name = $s.Name -replace '_[0-9a-f]{4,8}$', '_*'
    $services[$name] = @{ state = $s.State; start = $s.StartMode; account = $s.StartName; path = $s.PathName }
}

function Read-Values([string]$path, [switch]$Recurse) {
    $found = @{}
    $keys = @(Get-Item -LiteralPath $path)
    if ($Recurse) { $keys += @(Get-ChildItem -LiteralPath $path -Recurse) }
    foreach ($key in $keys) {
        if ($null -eq $key) { continue }
        $values = @{}
        foreach ($name in $key.GetValueNames()) {
            $kind = $key.GetValueKind($name).ToString()
            $value = $key.GetValue($name, $null, 'DoNotExpandEnvironmentNames')
            $values[$name] = "${kind}: " + (@($value) -join ',')
        }
        $found[$key.Name] = $values
    }
    $found
}

$registry = @{}
foreach ($path in 'HKLM:\SYSTEM\CurrentControlSet\Control\BackupRestore',
                  'HKLM:\SYSTEM\CurrentControlSet\Control\SafeBoot',
                  'HKLM:\SYSTEM\CurrentControlSet\Services\VSS',
                  'HKLM:\SOFTWARE\Microsoft\BcdrAgent',
                  'HKLM:\SOFTWARE\Microsoft\BcdrAgentPersistentKeys',
                  'HKLM:\SOFTWARE\Microsoft\Windows Azure',
                  'HKLM:\SOFTWARE\Microsoft\GuestAgent',
                  'HKLM:\SOFTWARE\Microsoft\Ole') {
    if (Test-Path -LiteralPath $path) { $registry += Read-Values $path -Recurse }
}
$registry += Read-Values 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
$registry += Read-Values 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
$registry += Read-Values 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings'

$writers = @{}
$writer = $null
foreach ($line in vssadmin.exe list writers) {
    if ($line -match "^Writer name: '(.*)'") { $writer = $Matches[1]; $writers[$writer] = @{} }
    elseif ($writer -and $line -match '^\s+State: (.*)$') { $writers[$writer].state = $Matches[1] }
    elseif ($writer -and $line -match '^\s+Last error: (.*)$') { $writers[$writer].error = $Matches[1] }
}

$acls = @{}
foreach ($path in "$env:ProgramData\Microsoft\Crypto\RSA\MachineKeys", "$env:windir\System32\config\systemprofile",
                  "$env:windir\winsxs\Catalogs", "$env:windir\winsxs\temp\PendingRenames", 'C:\WindowsAzure',
                  'C:\Packages\Plugins', "$env:windir\Temp") {
    if (Test-Path -LiteralPath $path) { $acls[$path] = (Get-Acl -LiteralPath $path).Sddl }
}

$files = @{}
foreach ($path in "$env:windir\System32\drivers\etc\hosts") {
    if (Test-Path -LiteralPath $path) { $files[$path] = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash }
}

@{ services = $services; registry = $registry; vss_writers = $writers; acls = $acls; files = $files } |
    ConvertTo-Json -Depth 6 -Compress
