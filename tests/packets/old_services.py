# SPDX-License-Identifier: BSD-3-Clause
"""timed and the lightweight resolver."""
from build import *

T=[struct.pack('!BBHii',t,1,7,a,b)+b'host\x01name\0' for t in list(range(26))+[99] for a,b in ((5,6),(-1,5),(-3,7),(3,-4))]+[struct.pack('!BBHii',2,1,7,1,1)+b'x'*300,b'\5',b'\5\1\0\1']


def m(op,b,fl=0,v=0,l=None): return struct.pack('!IHHIIIIHH',28+len(b) if l is None else l,v,fl,5,op,0,4096,0,0)+b
P=[m(0,b'',f) for f in (0,1,3)]+[m(5,b'abc'),m(0,b'extra'),m(0,b'',v=2),m(0,b'abc',v=2,l=400),m(0,b'',l=3)]
N=struct.pack('!H',3)+b'abc\0'
for a in range(5): P.append(m(0x10001,struct.pack('!IIH',7,a,4)+b'host\0'))
P.append(m(0x10001,struct.pack('!IIH',7,1,4)+b'hostX'))
A=[struct.pack('!IH',1,4)+b'\1\2\3\4',struct.pack('!IH',2,16)+bytes(range(16)),struct.pack('!IH',3,3)+b'abc',struct.pack('!IH',1,3)+b'abc']
for a in A: P.append(m(0x10002,b'\0\0\0\1'+a))
for c in (1,2,3): P.append(m(0x10003,struct.pack('!IHHH',1,c,c*5,3)+b'abc\0'))
P.append(m(0x10001,struct.pack('!IHHH',1,2,3,3)+b'abc\0'+N+N+A[0]+A[1]+A[2],1)); P.append(m(0x10001,struct.pack('!IHHH',1,0,1,3)+b'abc\0'+A[3],1))
P.append(m(0x10002,struct.pack('!IHH',1,1,3)+b'abc\0'+N,1)); P.append(m(0x10003,struct.pack('!IHHIHH',1,1,1,3700,1,2)+N+b'\0\2ab'+b'\0\1x\0\0',1))


def packets():
    for x in T:
        yield eth_udp(x, 525, 525)
    for x in P:
        yield eth_udp(x, 921, 921)
