# SPDX-License-Identifier: BSD-3-Clause
"""TFTP, syslog, SOME/IP, vat, RESP, RPKI-RTR."""
from build import *

# tftp
z=b'\0'
T=[b'\0\1file\0octet\0blksize\0512\0',b'\0\2fi\x01le\0netascii\0',b'\0\1file\0',b'\0\1file',b'\0\1',b'\0\3\0\5data',b'\0\3\0',b'\0\4\0\5',b'\0\4',b'\0\5\0\1nope\0',b'\0\5\0\1nope',b'\0\5\0\x09x\0',b'\0\5\0\2',b'\0\5\0',b'\0\6blksize\0512\0',b'\0\6\0a\0',b'\0\6',b'\0\7x',b'\0']
S=[b'<13>hello world',b'<0>x',b'<191>abc\n\0',b'<999>a',b'<1000>a',b'<>a',b'<12',b'13>a',b'<1a>',b'<165>1 2003-10-11T22:14:15.003Z host app - - [x] \x80 msg'*3]
def si(t,r,sv=0x1234,m=0x8001,l=8): return struct.pack('!HHIHHBBBB',sv,m,l,3,4,1,2,t,r)
V=[b'',b'a',b'\x10\x20abcdefgh',b'\0\1abcdefghij',b'\x01\x80\0\1\0\0\0\7',b'\x3f\x9f\0\1\0\0\0\7xx',b'\0\1\0',b'\0\x1f\1\1\1\1\1\1\1\1']
P=[b'PING\r\n',b'*2\r\n$4\r\nINCR\r\n$1\r\nz\r\n*1\r\n$4\r\nPING\r\n',b'+OK\r\n-ERR bad\r\n:1000\r\n',b'$-1\r\n',b'*-1\r\n',b'*0\r\n',b'$0\r\n\r\n',b'$-5\r\n$99999999999\r\n',b'$5\r\nab',b'$2\r\nabXY\r\n',b'*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n+x\r\n',b'*3\r\n:1\r\n',b'$x\r\nfoo\r\n',b'$1x\r\n',b'$12\rx',b'$12',b'$',b'*',b'+OK',b'\r\n\r\nset a b\r\n\n',b'set a b',b'\r',b'\x01\x80set\r\n',b'*-2\r\n',b'*2147483648\r\n',b'*2147483647\r\n:1\r\n',b'*+1\r\n',b'$-\r\nabc\r\n',b'*1\r\n*1\r\n*1\r\n*1\r\n$3\r\nabc\r\nPING\n']
def pdu(t,s,b,v=0,l=None): return struct.pack('!BBHI',v,t,s,8+len(b) if l is None else l)+b
K=[pdu(0,5,b'\0\0\0\7'),pdu(1,5,b'\0\0\0\7'),pdu(2,0,b''),pdu(3,9,b''),pdu(4,0,b'\1\x18\x20\0\x0a\0\0\0\0\0\xfd\xe8'),pdu(6,0,b'\1\x18\x20\0'+bytes(range(16))+b'\0\0\xfd\xe8'),pdu(7,1,b'\0\0\0\1'),pdu(8,0,b''),pdu(9,0,b'abcdefgh'),pdu(2,0,b'',v=1)]
K+=[b''.join(K),pdu(10,3,b'\0\0\0\0\0\0\0\4oops'),pdu(10,9,struct.pack('!I',len(K[4]))+K[4]+b'\0\0\0\4oo\0s')]
e=pdu(10,1,struct.pack('!I',len(K[12]))+K[12]+b'\0\0\0\0'); K+=[e,pdu(10,1,b'\0\0\0\x7f'),pdu(10,1,b'\0\0'),pdu(0,1,b'\0'),pdu(2,1,b'a'),b'\0\1\2',pdu(10,1,struct.pack('!I',len(e))+e+b'\0\0\0\x90abc'),pdu(4,1,b'abc'),pdu(0,0,b'',l=4),pdu(0,0,b'',l=4000),pdu(10,1,b'\0\0\0\0')]


def packets():
    for x in T:
        yield eth_udp(x, 69, 2000)
    for x in S:
        yield eth_udp(x, 514, 2000)
    for t in (0, 1, 2, 0x20, 0x21, 0x22, 0x80, 0x81, 0xA0, 0xA1, 0x33):
        yield eth_udp(si(t, t & 15), 30490, 2000)
    yield eth_udp(si(0, 16, m=5), 30490, 2000)
    for x in V:
        yield eth_udp(x, 2000, 3456)
    for x in P:
        yield eth_tcp(x, 6379, 2000, flags=0x18, seq=1, ack=1)
    for x in K:
        yield eth_tcp(x, 323, 2000, flags=0x18, seq=1, ack=1)
