"""The made-up names of a world: repeatable from a seed, different for every trainee."""

from __future__ import annotations

import random
import re
import secrets
import string
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from lab.hosts.base import HostOS

if TYPE_CHECKING:
    from faker import Faker

REGIONS = ("westeurope", "northeurope", "eastus", "westus2", "uksouth", "australiaeast", "japaneast")


@dataclass(frozen=True)
class Identity:
    """Names, ids and the administrator of one world; the form the fabric takes."""

    tenant: str
    subscription: str
    resource_group: str
    location: str
    vm: str
    computer_name: str
    nic: str
    nsg: str
    vnet: str
    subnet: str
    storage_account: str
    vault: str
    policy: str
    admin_user: str
    admin_password: str

    def as_dict(self) -> dict[str, str]:
        """JSON-able form."""
        return asdict(self)

    def facts(self) -> dict[str, str]:
        """What a scenario may name before there is a world; never the password."""
        return {
            "tenant": self.tenant,
            "subscription": self.subscription,
            "resource_group": self.resource_group,
            "location": self.location,
            "vm_name": self.vm,
            "computer_name": self.computer_name,
            "nic_name": self.nic,
            "nsg_name": self.nsg,
            "vnet_name": self.vnet,
            "subnet_name": self.subnet,
            "storage_account": self.storage_account,
            "storage_host": f"{self.storage_account}.blob.core.windows.net",
            "vault_name": self.vault,
            "policy_name": self.policy,
            "admin_user": self.admin_user,
        }


def new_seed() -> int:
    """A seed for a run that was given none; short, because people retype it."""
    return secrets.randbelow(900_000) + 100_000


def make_identity(seed: int, os: HostOS = "windows") -> Identity:
    """Make the names of a world.

    Args:
        seed: The same seed gives the same names.
        os: Of the machine: Windows computer names have at most 15 characters.

    >>> make_identity(1) == make_identity(1), make_identity(1) == make_identity(2)
    (True, False)
    """
    from faker import Faker

    fake = Faker("en_US")
    fake.seed_instance(seed)
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    company = _letters(fake.company().split()[0].split(",")[0].split("-")[0], 8)
    role = rng.choice(("file", "web", "app", "sql", "print", "erp", "crm"))
    vm = f"{role}-{company}-{rng.randint(1, 19):02d}"[:15].rstrip("-")
    return Identity(
        tenant=fake.uuid4(),
        subscription=fake.uuid4(),
        resource_group=f"rg-{company}-{rng.choice(('prod', 'shared', 'core'))}",
        location=rng.choice(REGIONS),
        vm=vm,
        computer_name=vm.upper() if os == "windows" else vm,
        nic=f"{vm}-nic",
        nsg=f"{vm}-nsg",
        vnet=f"vnet-{company}",
        subnet=f"snet-{role}",
        storage_account=f"st{company}{rng.randrange(16**6):06x}"[:24],
        vault=f"rsv-{company}-{rng.randint(1, 9)}",
        policy=rng.choice(("DefaultPolicy", "DailyPolicy", "EnhancedDaily")),
        admin_user=_letters(_user(fake), 12),
        admin_password=_password(rng),
    )


def _user(fake: Faker) -> str:
    return str(fake.first_name())[0] + str(fake.last_name())


def _letters(text: str, longest: int) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())[:longest] or "contoso"


def _password(rng: random.Random) -> str:
    """All four classes of characters, none of them special to cmd, PowerShell or sh."""
    classes = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.")
    picked = [rng.choice(kind) for kind in classes] + rng.choices("".join(classes[:3]), k=16)
    rng.shuffle(picked)
    if not picked[0].isalpha():
        picked.insert(0, "L")
    return "".join(picked)
