"""WS-Management (WinRM) in front of a simulated Windows host.

:class:`~fakes.windows.wsman.server.Listener` is the public face. Below it, one module
per layer: ``http`` (wire), ``auth``, ``ntlm`` and ``spnego`` (who asks), ``encryption``
(message encryption of MS-WSMV 2.2.9.1), ``envelope`` and ``faults`` (SOAP),
``service`` (operations), ``shells`` (remote shells and their commands).
"""
