# Leaves the System Writer of a real, disposable host in a failed state: a snapshot with
# writers is begun, and the process of the Cryptographic Services, in which the System Writer
# lives, is ended while the writers are held. Not for a machine that anybody needs.
# Exit code: 0 when a writer is no longer [1] Stable, 1 when none of the tries left one so.

$script = Join-Path $env:TEMP 'wedge-writer.dsh'
Set-Content -Path $script -Encoding Ascii -Value @(
    'set context volatile'
    'begin backup'
    "add volume $env:SystemDrive"
    'create'
    'end backup'
)

for ($try = 1; $try -le 5; $try++) {
    $snapshot = Start-Process -FilePath diskshadow.exe -ArgumentList '/s', $script -PassThru -WindowStyle Hidden
    Start-Sleep -Seconds $try
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='CryptSvc'"
    Stop-Process -Id $service.ProcessId -Force
    $snapshot.WaitForExit()
    Start-Service -Name CryptSvc
    if ((vssadmin list writers) -match 'State: \[(?!1\])\d+\]') {
        Remove-Item -Path $script
        Write-Output "A writer is wedged after try $try."
        exit 0
    }
}
Remove-Item -Path $script
Write-Output 'No writer could be wedged.'
exit 1
