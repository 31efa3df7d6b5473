<#
.SYNOPSIS
    Plays the VMSnapshot extension of Azure VM Backup: takes a snapshot of the VM's disks.

.DESCRIPTION
    For simulated and for real hosts alike; Windows PowerShell 5.1. It does what the real
    extension needs to succeed, in its natural order, and stops at the first thing that fails:

      1. reads its settings;
      2. looks at the Volume Shadow Copy service;
      3. looks at the VSS writers: each must be [1] Stable;
      4. makes a shadow copy of the system drive (which it removes again at the end);
      5. asks the storage service for a snapshot of each disk's blob.

    The codes are those of the article "Troubleshoot backup failures on Azure virtual
    machines" and of "Troubleshoot Azure Backup failure: Issues with the agent or extension".

    The last line of its output is the result, as JSON:
      {"status": "success" | "error", "code": 0, "message": "...", "substatus": [...]}
    A success has a substatus "snapshots" with a JSON list of {"lun", "snapshot"}; an error
    has a substatus "error" with "<code>: <what was seen>".

.PARAMETER Settings
    The public settings of the goal state, as JSON: taskId, and disks with lun and snapshotUri.
    That is a blob's URL with a shared access signature which allows a snapshot.

.OUTPUTS
    Exit code 0 after a success, 1 after an error.
#>
param(
    [string] $Settings
)

$ErrorActionPreference = 'Stop'

function Write-Result {
    param($Status, $Code, $Message, $PartName, $PartMessage)
    $part = [ordered]@{ name = $PartName; status = $Status; code = $Code; message = $PartMessage }
    $result = [ordered]@{ status = $Status; code = $Code; message = $Message; substatus = @($part) }
    ConvertTo-Json -InputObject $result -Depth 5 -Compress
}

# Each documented error has a number here only because a status document wants one; the numbers
# are the lab's own.
function Stop-Snapshot {
    param($DocumentedCode, $Number, $Seen)
    Write-Result -Status 'error' -Code $Number -Message "Snapshot failed: $Seen" -PartName 'error' -PartMessage "${DocumentedCode}: $Seen"
    exit 1
}

# -- 1. Settings ----------------------------------------------------------------------------
try {
    $config = ConvertFrom-Json -InputObject $Settings
    $disks = @($config.disks)
    if (-not $config.taskId -or $disks.Count -eq 0) {
        throw 'taskId or disks are missing'
    }
} catch {
    Stop-Snapshot 'ExtensionConfigParsingFailure' 1 "the settings cannot be read: $($_.Exception.Message)"
}

# -- 2. The Volume Shadow Copy service -----------------------------------------------------
# It is started on demand, so stopped is its normal state; disabled, paused or on its way is not.
$vss = Get-Service -Name VSS -ErrorAction SilentlyContinue
if (-not $vss) {
    Stop-Snapshot 'ExtensionFailedVssServiceInBadState' 2 'the service VSS does not exist'
}
if ($vss.StartType -eq 'Disabled') {
    Stop-Snapshot 'ExtensionFailedVssServiceInBadState' 2 'the service VSS is disabled'
}
if ('Running', 'Stopped' -notcontains $vss.Status) {
    Stop-Snapshot 'ExtensionFailedVssServiceInBadState' 2 "the service VSS is in state $($vss.Status)"
}

# -- 3. The writers ----------------------------------------------------------------------------
function Get-BadWriter {
    param($Listing)
    $name = ''
    foreach ($line in $Listing) {
        if ($line -match "Writer name: '(.+)'") {
            $name = $Matches[1]
        } elseif ($line -match 'State: (\[(\d+)\].*)$' -and $Matches[2] -ne '1') {
            "$name $($Matches[1])"
        }
    }
}

# vssadmin speaks of errors on standard output; its exit code tells.
$ErrorActionPreference = 'Continue'
$listing = @(vssadmin list writers)
if ($LASTEXITCODE -ne 0) {
    Stop-Snapshot 'ExtensionFailedVssServiceInBadState' 2 "the writers cannot be listed: $($listing -join ' ')"
}
$bad = @(Get-BadWriter -Listing $listing)
if ($bad.Count -gt 0) {
    Stop-Snapshot 'ExtensionFailedVssWriterInBadState' 3 "writers in a bad state: $($bad -join '; ')"
}

# -- 4. The shadow copy ------------------------------------------------------------------------
$created = @(vssadmin create shadow "/for=$env:SystemDrive")
$createCode = $LASTEXITCODE
$text = ($created | Where-Object { $_ -and $_ -notmatch '^vssadmin |^\(C\) Copyright' }) -join ' '
if ($createCode -ne 0) {
    $listing = @(vssadmin list writers)
    $bad = @(Get-BadWriter -Listing $listing)
    if ($bad.Count -gt 0) {
        Stop-Snapshot 'ExtensionFailedVssWriterInBadState' 3 "writers in a bad state: $($bad -join '; ')"
    }
    if ($text -match 'locked by BitLocker') {
        Stop-Snapshot 'ExtensionSnapshotBitlockerError' 4 $text
    }
    Stop-Snapshot 'ExtentionOperationFailed' 5 "no shadow copy: $text"
}
$shadow = ''
if ($text -match 'Shadow Copy ID: (\{[0-9a-fA-F-]+\})') {
    $shadow = $Matches[1]
}

# -- 5. The snapshots of the blobs -----------------------------------------------------------------
# Storage accepts TLS 1.2 and newer; .NET Framework before 4.7 would not offer it by itself.
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$taken = @()
$failure = $null
foreach ($disk in $disks) {
    $headers = @{ 'x-ms-version' = '2018-03-28'; 'x-ms-meta-taskid' = $config.taskId }
    try {
        $answer = Invoke-WebRequest -Uri "$($disk.snapshotUri)&comp=snapshot" -Method Put -Headers $headers -TimeoutSec 30 -UseBasicParsing
        $taken += [ordered]@{ lun = $disk.lun; snapshot = [string] $answer.Headers['x-ms-snapshot'] }
    } catch {
        $failure = $_.Exception
        break
    }
}

if ($shadow) {
    $null = vssadmin delete shadows "/shadow=$shadow" /quiet
}

if ($failure) {
    if ($failure -isnot [Net.WebException]) {
        Stop-Snapshot 'ExtentionOperationFailed' 5 "storage could not be asked: $($failure.Message)"
    }
    $seen = "$($failure.Status): $($failure.Message)"
    if ($failure.Response) {
        $status = [int] $failure.Response.StatusCode
        if ($status -eq 409) {
            Stop-Snapshot 'ExtensionFailedSnapshotLimitReachedError' 6 "storage answered 409: $seen"
        }
        Stop-Snapshot 'ExtentionOperationFailed' 5 "storage answered ${status}: $seen"
    }
    if ('SecureChannelFailure', 'TrustFailure' -contains $failure.Status) {
        Stop-Snapshot 'ExtensionSnapshotFailedNoSecureNetwork' 7 $seen
    }
    Stop-Snapshot 'ExtensionSnapshotFailedNoNetwork' 8 $seen
}

$list = ConvertTo-Json -InputObject @($taken) -Depth 3 -Compress
Write-Result -Status 'success' -Code 0 -Message 'Snapshot taken.' -PartName 'snapshots' -PartMessage $list
exit 0
