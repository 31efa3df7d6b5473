"""The simulated Windows Server 2019 as plain data, with cause and effect in it.

Tools and cmdlets read and change the parts of a :class:`~fakes.windows.model.host.Host`;
none of them keeps a state of its own.
"""
