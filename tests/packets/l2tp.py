# SPDX-License-Identifier: BSD-3-Clause
"""L2TP: control messages with every attribute, data messages."""
from build import *

def avp(t,v,fl=0x8000,ven=0): return struct.pack('!HHH',fl|(6+len(v)),ven,t)+v
def msg(body,fl=0xc802,seq=b'\0\1\0\2',l=None): 
    h=struct.pack('!HHHH',fl,0,5,6)+seq
    return struct.pack('!HHHH',fl,len(h)+len(body) if l is None else l,5,6)+seq+body
P=[]
vals=[b'',b'\0\1',b'\0\2\0',b'\0\3\0\4',b'\0\0\0\3',b'\0\1\0\2abc',b'host\x01name\0x',bytes(range(16)),bytes(26),b'\1\2\3\4\5',b'\1\2\3\4\2msg']
for t in list(range(0,41))+[46,47,99]: P.append(msg(b''.join(avp(t,v) for v in vals)))
for m in range(0,18): P.append(msg(avp(0,struct.pack('!H',m))))
P+=[msg(b''),msg(avp(7,b'abc',0xc000)),msg(avp(7,b'abc',0,9)),msg(b'\x80\x05\0\0\0\0'),msg(b'\x80\x20\0\0\0\0'),msg(b'\x80'),msg(b'abc',l=400),msg(b'',l=3)]
P+=[struct.pack('!HHH',0x8002,5,6)+b'x',struct.pack('!HHH',0x0002,5,6)+b'\xff\x03\x00\x21'+ip4(1, b'\x08\0\0\0\0\1\0\1'),struct.pack('!HHHH',0x4002,14,5,6)+b'\xc0\x21\1\1\0\4',struct.pack('!HHHH',0x0202,5,6,2)+b'pp\xff\x03\xc0\x21\1\1\0\4',struct.pack('!HHHH',0x0302,5,6,200)+b'pp',b'\0\1ab',b'\0\3',b'\0',b'',struct.pack('!HHH',2,5,6),struct.pack('!HHH',2,5,6)+b'\x12']


def packets():
    for x in P:
        yield eth_udp(x, 1701, 1701)
