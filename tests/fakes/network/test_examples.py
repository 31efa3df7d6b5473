"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import fakes.network

MODULES = [one.name for one in pkgutil.walk_packages(fakes.network.__path__, "fakes.network.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
