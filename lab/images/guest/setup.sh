#!/bin/sh
# Runs once, when the guest image is built: the agent's settings and a short boot.
set -eu

# What Azure's own images set differently, or what has no meaning in a container:
# cloud-init does not provision here, there is no resource disk and no SSH host key to make.
# A goal-state period of 1 s (the default is 6) shortens each wait.
set_option() {
  if grep -q "^#\{0,1\} *$1=" /etc/waagent.conf; then
    sed -i "s|^#\{0,1\} *$1=.*|$1=$2|" /etc/waagent.conf
  else
    printf '%s=%s\n' "$1" "$2" >> /etc/waagent.conf
  fi
}
set_option Provisioning.Agent disabled
set_option Provisioning.DeleteRootPassword n
set_option Provisioning.RegenerateSshHostKeyPair n
set_option Provisioning.MonitorHostName n
set_option ResourceDisk.Format n
set_option Logs.Console n
set_option Logs.Collect n
set_option AutoUpdate.Enabled n
set_option OS.EnableFirewall n
set_option OS.EnableRDMA n
set_option Extensions.GoalStatePeriod 1
set_option Extensions.InitialGoalStatePeriod 1

# Units that wait for hardware, a console or a clock which a container has not.
for unit in \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  systemd-tmpfiles-clean.timer motd-news.timer \
  e2scrub_reap.service systemd-timesyncd.service systemd-networkd.service systemd-resolved.service \
  systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
  systemd-udev-trigger.service systemd-udev-settle.service systemd-hwdb-update.service \
  systemd-modules-load.service systemd-sysctl.service systemd-binfmt.service \
  systemd-remount-fs.service systemd-logind.service systemd-rfkill.service systemd-rfkill.socket \
  systemd-firstboot.service systemd-machine-id-commit.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service systemd-random-seed.service systemd-pstore.service \
  systemd-journal-flush.service modprobe@.service kmod-static-nodes.service \
  getty.target getty@.service console-getty.service container-getty@.service serial-getty@.service \
  systemd-ask-password-wall.path systemd-ask-password-console.path \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount \
  nftables.service
do
  ln -sf /dev/null "/etc/systemd/system/$unit"
done
systemctl set-default multi-user.target
systemctl enable walinuxagent.service

# The journal survives a restart of the guest, as on a VM.
mkdir -p /var/log/journal /var/log/azure
chmod 755 /usr/local/sbin/power-on
