# SPDX-License-Identifier: BSD-3-Clause
"""OpenFlow 1.0 and 1.3: every message, action and statistic."""
from build import *

def m(ty,b=b'',v=1,l=None): return struct.pack('!BBHI',v,ty,8+len(b) if l is None else l,7)+b
mac=b'\2\0\0\0\0\1'
def match(w,ty=0x800,pr=6): return struct.pack('!IH6s6sHBBHBBHIIHH',w,0xfff8,mac,mac,5,3,0,ty,4,pr,0,0x0a000001,0x0a000002,80,443)
def act(t,b): return struct.pack('!HH',t,4+len(b))+b
acts=act(0,b'\xff\xfd\0\x80')+act(0,b'\0\1\0\0')+act(1,b'\0\5\0\0')+act(1,b'\xff\xff\0\0')+act(2,b'\3\0\0\0')+act(2,b'\x09\0\0\0')+act(3,bytes(4))+act(4,mac+bytes(6))+act(5,mac+bytes(6))+act(6,b'\1\2\3\4')+act(7,b'\1\2\3\4')+act(8,b'\x10\0\0\0')+act(9,b'\0P\0\0')+act(10,b'\0P\0\0')+act(11,b'\0\1'+bytes(6)+b'\xff\xff\xff\xff')+act(11,b'\0\1'+bytes(6)+b'\0\0\0\5')+act(0xffff,struct.pack('!IIIIB3x',0x5c16c7,1,4,0x81003005,1))+act(0xffff,struct.pack('!IIIIB3x',0x5c16c7,1,4,5,9))+act(0xffff,struct.pack('!IIIIB3x',0x5c16c7,1,4,0x88a80001,0))+act(0xffff,struct.pack('!II4x',0x5c16c7,2))+act(0xffff,struct.pack('!I',0x2320))+act(0xffff,struct.pack('!I8s',0xff000002,b'abcdefgh'))+act(0x55,bytes(4))+act(1,bytes(12))
def port(n): return struct.pack('!H6s16sIIIIII',n,mac,b'eth%d'%n,0x7f,0x201,0xfff,0x1001,0,3)
fr=mac+mac+b'\x08\0'+ip4(17,b'\0\1\0\2\0\x0a\0\0hi')
P=[m(0),m(0,b'abc'),m(2,b'echo'),m(3,b''),m(5),m(5,b'a'),m(7),m(8,b'\0\1\0\x80'),m(9,b'\0\5\0\x80'),m(18),m(19),m(22),m(77,b'abc')]
for t in range(0,8):
    for c in (0,1,5,9,20): P.append(m(1,struct.pack('!HH',t,c)+b'data'*c)); P.append(m(1,struct.pack('!HH',t,c)+b'da',v=4))
P.append(m(6,struct.pack('!QIB3xII',0x1234,256,2,0xff,0xfff)+port(1)+port(0xfffe))); P.append(m(6,struct.pack('!QIB3xII',0x1234,256,2,0x101ff,0)+port(1)[:20]))
for r in (0,1,5): P.append(m(10,struct.pack('!IHHBB',0xffffffff if r else 5,60,3,r,0)+fr))
P.append(m(10,struct.pack('!IHHBB',1,60,3,0,0))); P.append(m(11,match(0)+struct.pack('!QHBBIIHHQQ',5,6,1,0,3,4,5,0,7,8)))
for r in (0,1,2,3): P.append(m(12,struct.pack('!B7x',r)+port(r)))
P.append(m(13,struct.pack('!IHH',5,6,len(acts))+acts+fr)); P.append(m(13,struct.pack('!IHH',5,6,400)+acts[:16]))
for c in range(0,6):
    for w in (0,0x3fffff,0x003820ff,0xffffffff,0x00020400): P.append(m(14,match(w,[0x800,0x806][c&1],[1,6][c&1])+struct.pack('!QHHHHIHH',9,c,c,c,c,0xffffffff if c&1 else 77,0xffff,c*3)+acts))
P.append(m(15,struct.pack('!H6sIIII',5,mac,0x7f,0x80,0xfff,0)))
for t,b in ((0,b''),(1,match(0x3fffff)+b'\xff\0\0\1'),(2,match(0)+b'\xfe\0\xff\xff'),(3,b''),(4,b'\0\5'+bytes(6)),(5,b'\0\5\0\0\xff\xff\xff\xff'),(5,b'\0\5\0\0\0\0\0\1'),(0xffff,b'\0\0\x23\x20abc'),(0xffff,b'ab'),(9,b'abc'),(1,b'abc'),(0,b'a')): P.append(m(16,struct.pack('!HH',t,t&1)+b))
fl=struct.pack('!HBB',88+8,1,0)+match(0x3fffff)+struct.pack('!IIHHH6xQQQ',1,2,3,4,5,6,7,8)+acts[:8]
for t,b in ((0,b''.join(x.ljust(256,b'\0') for x in (b'mfr',b'hw',b'sw'))+b'serial'.ljust(32,b'\0')+b'dp\x01'.ljust(256,b'\0')),(1,fl+fl),(1,fl+b'abc'),(2,struct.pack('!QQI4x',1,2,3)),(3,struct.pack('!B3x32sIIIQQ',0xff,b'table',0xffffffff,1,2,3,4)),(3,struct.pack('!B3x32sIIIQQ',3,b'table',0x00000100,1,2,3,4)),(4,struct.pack('!H6x12Q',5,*range(12))),(5,struct.pack('!HHIQQQ',5,0,6,7,8,9)),(0xffff,b'\0\0\x23\x20abc'),(7,b'abc'),(2,b'ab'),(0,b'x'),(4,b'abc')): P.append(m(17,struct.pack('!HH',t,1)+b)); P.append(m(17,struct.pack('!HH',t,6)+b))
P.append(m(20,b'\0\5\0\0')); q=lambda i,pr: struct.pack('!IHH',i,8+len(pr),0)+pr
pr=struct.pack('!HH4x',0,8)+struct.pack('!HH4xH6x',1,16,505)+struct.pack('!HH4xH6x',1,16,1005)+struct.pack('!HH4x',1,8)+struct.pack('!HH4x4x',7,12)
P.append(m(21,b'\0\5'+bytes(6)+q(1,pr)+q(2,b''))); P.append(m(21,b'\0\5'+bytes(6)+q(1,pr)+b'abc')); P.append(m(21,b'\0\5'+bytes(6)+q(1,b'\0\0\0\x40'+bytes(4))))
for s in range(0,38):
    for b in (b'',b'abcd',b'\1\0\0\0abcd'): P.append(m(4,struct.pack('!II',0x5c16c7,s)+b))
P+= [m(4,b'\0\0\x23\x20ab'),m(4,b'\0\x5c\x16\xc7ab'),m(4,b'abc')]
# 1.3
P+= [m(0,b'\0\1\0\x08\0\0\0\x95',v=4),m(0,b'\0\1\0\x0c\0\0\0\x95abcd',v=4),m(0,b'\0\2\0\6ab',v=4),m(0,b'\0\2\0\2ab',v=4),m(0,b'ab',v=4),m(0,b'\0\1\0\x44',v=4)]
for t in range(1,32):
    for n in (0,4,8,16,24,32,48,72): P.append(m(t,bytes((i*37+t)&255 for i in range(n)),v=4))
P.append(m(4,struct.pack('!II',0x4f4e4600,1)+b'abc',v=4)); P.append(m(24,struct.pack('!IIQ',2,0,5),v=4)); P.append(m(8,b'\0\0\xff\xff',v=4)); P.append(m(17,b'\xff\0\0\0\0\0\0\3',v=4)); P.append(m(27,struct.pack('!6I',1,2,7,8,3,4),v=4))
P.append(m(12,struct.pack('!B7xI4x6s2x16sIIIIIIII',0,5,mac,b'eth0',1,4,0x2820,0xffff,0x10000,0,100,1000),v=4)); P.append(m(12,struct.pack('!B7xI4x6s2x16sIIIIIIII',6,0xfffffffe,mac,b'eth0',1,4,0x2820,0xffff,0x10000,0,100,1000),v=4)); P.append(m(16,struct.pack('!I4x6s2xIII4x',5,mac,0x65,1,0xffff),v=4)); P.append(m(22,struct.pack('!I4x',0xffffffff),v=4))
P+= [m(0,v=2),m(0,b'abc',v=9),m(0,l=4),b'\1',b'\1\0',b'\1\0\0',b'\1\0\0\x08',b'\1\0\0\x08\0\0',m(0)+m(5)+m(2,b'x')+m(2,b'xy',l=100)]


def packets():
    for x in P:
        yield eth_tcp(x, 6653, 2000, flags=0x18, seq=1, ack=1)
