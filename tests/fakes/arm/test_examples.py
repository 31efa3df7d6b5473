"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import fakes.arm

MODULES = [one.name for one in pkgutil.walk_packages(fakes.arm.__path__, "fakes.arm.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
