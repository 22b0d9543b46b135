# SPDX-License-Identifier: BSD-3-Clause
"""RADIUS: every attribute with values of many lengths; EAP."""
from build import *

import random

random.seed(4)
def A(t,v): return bytes([t,len(v)+2])+v
def msg(code,*a):
    b=b''.join(a); return bytes([code,7])+struct.pack('!H',20+len(b))+bytes(range(16))+b
P=[]
four=[b'\0\0\0\1',b'\0\0\0\5',b'\0\0\1\0',b'\0\1\0\0',b'\xff\xff\xff\xfe',b'\xff\xff\xff\xff',b'\x31\0\0\x05',b'\0\0\0\0',b'\0\0\0\x0d']
for t in range(0,134):
    vs=[b'',b'a',b'\0a',b'\x01ab\0c',b'hello world\x80\x01',b'\x1f\x01\x02xyz']+random.sample(four,4)+[bytes(8),b'\xff'*8,bytes(range(16)),bytes(range(14)),b'\0\x40'+bytes(range(16)),b'\0\x10\x20\x01',b'\1\x20\x20\x01\x0d\xb8',b'\0\x81',b'\x40'+bytes(range(16)),b'\0\x05\0\1'+struct.pack('!IIII',0xe0000000,0x80000000,0,5)+b'manual',b'\x80\0'+struct.pack('!II',0xe0000000,7)+b'note\nwell']
    P.append(msg(random.choice([1,2,3,4,5,11,12,40,43,99]),*[A(t,v) for v in vs]))
for e in [bytes([1,2,0,9])+b'\x01bob!',bytes([2,2,0,5,1]),bytes([1,2,0,5,2]),bytes([1,2,0,8,2])+b'abc',bytes([2,1,0,8,3,4,5,13]),bytes([1,1,0,10,13,0x80,0,0,1,0]),bytes([1,1,0,6,13,0x80]),bytes([1,1,0,6,21,0x21]),bytes([1,1,0,6,43,0xe1]),bytes([1,1,0,6,18,10]),bytes([1,1,0,6,23,77]),bytes([3,1,0,4]),bytes([4,1,0,4]),bytes([9,1,0,4]),bytes([1,1,0,4]),bytes([1,1,0,6,4,16]),bytes([1,1,0,6,254,16]),bytes([1,1,0,5,13]),bytes([1,1,0,5,3]),bytes([1,1,0,5,0]),b'\1\2\0',b'\1\2\0\x55abc']:
    P.append(msg(1,A(79,e),A(1,b'x')))
for v in [b'\0\0\0\x09\1\5abc\2\3\xff',b'\0\0\x01\x37\1\1',b'\0\0\0\0\1\x20ab',b'\0\0\0\x09\1\2\1']: P.append(msg(26,A(26,v)))
P+= [msg(1,b'\1\1'),msg(1,b'\1\0'),msg(1,b'\1'),msg(1,b'\1\x30ab'),b'\1\2\0\x13'+bytes(16),b'\1\2\1\0'+bytes(40),b'\1\2',msg(1)+b'pad']


def packets():
    for x in P:
        yield eth_udp(x, 1812, 40000)
    yield eth(0x888e, b"\1\0\0\5\2\1\0\5\1")
    yield eth(0x888e, b"\2\3\0\4abcd")
    yield eth(0x888e, b"\2\0\0\0")
