# Restarts the service behind every VSS writer that is not [1] Stable, as the article's first
# step asks ("net stop serviceName", "net start serviceName"). Usable alone, in an elevated
# Windows PowerShell. Some of these services matter in production: plan the restart.
# Exit code: 0 when every writer is stable at the end, 1 when one is not.

# Which service a writer lives in. The writers that Windows itself brings are documented in
# "In-Box VSS Writers"; the others belong to the products named.
$serviceOf = @{
    'ASR Writer'                         = 'VSS'
    'BITS Writer'                        = 'BITS'
    'Certificate Authority'              = 'CertSvc'
    'COM+ REGDB Writer'                  = 'VSS'
    'DFS Replication service writer'     = 'DFSR'
    'DHCP Jet Writer'                    = 'DHCPServer'
    'FSRM Writer'                        = 'srmsvc'
    'IIS Config Writer'                  = 'AppHostSvc'
    'IIS Metabase Writer'                = 'IISADMIN'
    'Microsoft Exchange Writer'          = 'MSExchangeIS'
    'Microsoft Hyper-V VSS Writer'       = 'vmms'
    'MSMQ Writer (MSMQ)'                 = 'MSMQ'
    'MSSearch Service Writer'            = 'WSearch'
    'NPS VSS Writer'                     = 'EventSystem'
    'NTDS'                               = 'NTDS'
    'Registry Writer'                    = 'VSS'
    'Shadow Copy Optimization Writer'    = 'VSS'
    'SqlServerWriter'                    = 'SQLWriter'
    'System Writer'                      = 'CryptSvc'
    'Task Scheduler Writer'              = 'Schedule'
    'TermServLicensing'                  = 'TermServLicensing'
    'VSS Metadata Store Writer'          = 'VSS'
    'WIDWriter'                          = 'WIDWriter'
    'WINS Jet Writer'                    = 'WINS'
    'WMI Writer'                         = 'Winmgmt'
}

function Get-BadWriter {
    $name = $null
    foreach ($line in (vssadmin list writers)) {
        if ($line -match "^Writer name: '(.+)'") {
            $name = $Matches[1]
        } elseif ($line -match 'State: \[(\d+)\]' -and $Matches[1] -ne '1') {
            $name
        }
    }
}

foreach ($writer in (Get-BadWriter | Select-Object -Unique)) {
    $service = $serviceOf[$writer]
    if (-not $service) {
        Write-Error "No service is known for the writer '$writer'; restart the product it belongs to."
        continue
    }
    Write-Output "$writer is not stable: restarting $service"
    # Stopping a service stops those that depend on it; they are started again afterwards.
    $dependants = @(Get-Service -Name $service -DependentServices | Where-Object { $_.Status -eq 'Running' })
    net stop $service /y
    net start $service
    foreach ($dependant in $dependants) {
        Start-Service -Name $dependant.Name
    }
}

$still = @(Get-BadWriter)
if ($still.Count -gt 0) {
    Write-Output "Still not stable: $($still -join ', ')"
    exit 1
}
Write-Output 'Every writer is stable.'
exit 0
