# SPDX-License-Identifier: BSD-3-Clause
"""ISAKMP, IKE versions 1 and 2, and ESP in UDP."""
from build import *

def pl(np,body,crit=0): return struct.pack('!BBH',np,crit,4+len(body))+body
def chain(*items):  # (type,body)
    r=b''
    for i,(t,b) in enumerate(items): r+=pl(items[i+1][0] if i+1<len(items) else 0,b)
    return items[0][0],r
def msg(v,items,flags=0,mid=0,ex=2,ick=b'12345678',rck=b'\0'*8):
    np,b=chain(*items); return ick+rck+struct.pack('!BBBBII',np,v<<4,ex,flags,mid,28+len(b))+b
P=[]
def attr(t,v): return struct.pack('!HH',0x8000|t,v)
def lattr(t,v): return struct.pack('!HH',t,len(v))+v
def T1(n,i,a,last): return pl(0 if last else 3,struct.pack('!BBH',n,i,0)+a)
def P1(n,pr,spi,ts,last): return pl(0 if last else 2,struct.pack('!BBBB',n,pr,len(spi),len(ts))+spi+b''.join(ts))
allk=b''.join(attr(t,v) for t in range(0,18) for v in (1,5,30))+lattr(12,b'\0\0\x70\x80')
for pr in range(0,6):
    P.append(msg(1,[(1,struct.pack('!II',1,1)+P1(1,pr,b'ab',[T1(1,1,allk,0),T1(2,12,attr(4,2),0),T1(3,99,lattr(2,b'\0\1'),1)],1))]))
for sit in (0,1,2,3,7): P.append(msg(1,[(1,struct.pack('!II',1,sit)+(b'\0\0\0\5' if sit!=1 else b'')+P1(1,1,b'',[T1(1,1,attr(1,5),1)],1))]))
P.append(msg(1,[(1,struct.pack('!II',2,1)+b'abcd')]))
for t in range(0,14):
    for n in (0,3,4,8,16,32,40): P.append(msg(1,[(5,struct.pack('!BBH',t,17,500)+bytes(range(n)))],ex=2))
for e in range(0,13): P.append(msg(1,[(6,bytes([e])+b'certdata'),(7,bytes([e])+b'c')]))
P.append(msg(1,[(4,bytes(40)),(8,b'h'*20),(9,b's'*20),(10,b'n'*18),(13,b'v'*16),(10,b'n')],ex=4))
for doi in (1,2):
    for ty in (0,1,14,30,31,8191,8192,8193,16383,16384,16385,24575,24576,24577,24578,24579,32767,32768,40960):
        P.append(msg(1,[(11,struct.pack('!IBBH',doi,3,4,ty)+b'spi4'+attr(11,1)+lattr(12,b'\0\0\1\0'))],mid=9,ex=5))
    P.append(msg(1,[(12,struct.pack('!IBBH',doi,1,4,2)+b'spi4spi5')],mid=7,ex=5)); P.append(msg(1,[(12,struct.pack('!IBBH',doi,1,0,2))],mid=7,ex=5))
P.append(msg(1,[(20,b'abc'),(14,b'x'),(55,b'y'),(46,b'abcdef')])); P.append(msg(1,[(1,b'')],flags=3)); P.append(msg(1,[(13,b'')],flags=4)); P.append(msg(3,[(13,b'a')]))
for ex in range(0,40): P.append(msg(1,[(13,b'abcd')],ex=ex,rck=b'r'*8,ick=b'q'*8,mid=ex&1)); P.append(msg(2,[(43,b'abcd')],ex=ex,flags=ex))
def T2(t,i,a,last): return pl(0 if last else 3,struct.pack('!BBH',t,0,i)+a)
for pr in range(0,5):
    P.append(msg(2,[(33,P1(1,pr,b'12345678' if pr else b'',[T2(1,12,attr(14,128),0),T2(2,2,b'',0),T2(3,2,b'',0),T2(4,14,b'',0),T2(5,0,b'',0),T2(5,7,attr(3,3),0),T2(7,7,b'',0),T2(0,1,b'',1)],0)+P1(2,pr,b'',[T2(1,3,lattr(5,b'abc'),1)],1))]))
P.append(msg(2,[(34,struct.pack('!HH',14,0)+bytes(20)),(34,b'ab'),(34,struct.pack('!HH',99,0)),(40,b'n'*32),(40,b''),(43,b'vendor id text here'),(43,b'ab\0c'),(43,b'v'*15)]))
for t in range(0,13):
    for n in (0,1,4,20): P.append(msg(2,[(35,struct.pack('!B3x',t)+bytes(range(60,60+n))),(36,b'')]))
P.append(msg(2,[(35,b'\2')])); P.append(msg(2,[(35,b'\4a')])); 
for a in range(0,5): P.append(msg(2,[(39,bytes([a,0,0,0])+b'auth'*8),(39,bytes([a,0,0,0])),(39,bytes([a]))]))
for ty in list(range(0,48))+list(range(16384,16450))+[8191,8192,16383,40959,40960]:
    P.append(msg(2,[(41,struct.pack('!BBH',ty&3,4 if ty&1 else 0,ty)+b'spi4'*(ty&1)+b'notifydata'*(ty%5))]))
P.append(msg(2,[(37,b'\4cert'),(38,b'\4cr'),(42,b'del'),(44,b'tsi'),(45,b'tsr'),(47,b'cp'),(48,b'eap'),(46,b'enc'*9)]))
P.append(msg(2,[(46,b'e')])); P.append(msg(2,[(46,b'abcdef')],flags=1))
x=bytearray(P[-3]); x[29]=0x80; P.append(bytes(x))


def packets():
    for x in P:
        yield eth_udp(x, 500, 500)
    for x in P[:20]:
        yield eth_udp(b"\0\0\0\0" + x, 4500, 4500)
    for x in (b"\xff", b"\xfe", b"ab", b"abcd", b"abcd\0\0\0\1",
              b"abcd\0\0\0\1zz", b""):
        yield eth_udp(x, 4500, 4500)
