# SPDX-License-Identifier: BSD-3-Clause
"""SNMP versions 1, 2c and 3: good messages and odd ones."""
from build import *

def tlv(t,b): 
    return bytes([t])+(bytes([len(b)]) if len(b)<128 else b'\x82'+struct.pack('!H',len(b)))+b
def I(v): return tlv(2,v.to_bytes(max(1,(v.bit_length()+8)//8),'big',signed=True))
S=lambda b:tlv(4,b); Q=lambda *a:tlv(0x30,b''.join(a))
oid=bytes([0x2b,6,1,2,1,1,1,0]); O=lambda b:tlv(6,b)
def pdu(t,*v,err=0,idx=0,rid=1234): return tlv(0xa0+t,I(rid)+I(err)+I(idx)+Q(*v))
vb=lambda v:Q(O(oid),v)
vals=[S(b'hello'),S(b'\x01\x02\xff'),I(-5),I(70000),tlv(0x40,bytes([1,2,3,4])),tlv(0x40,b'\x01\x02'),tlv(0x41,b'\xff\xff\xff\xff'),tlv(0x42,b'\x01'),tlv(0x43,b'\x12\x34\x56'),tlv(0x44,b'op'),tlv(0x46,b'\xff'*8),tlv(5,b''),tlv(0x80,b''),tlv(0x81,b''),tlv(0x82,b''),tlv(0x84,b''),O(oid),tlv(3,b'\0a')]
P=[]
for v in (0,1):
    for t in (0,1,2,3,5,6,7,8):
        P.append(Q(I(v),S(b'public' if t%2 else b'private'),pdu(t,vb(tlv(5,b'')))))
        P.append(Q(I(v),S(b'public'),pdu(t,*[vb(x) for x in vals],err=3 if t!=5 else 0,idx=2)))
    P.append(Q(I(v),S(b'public'),tlv(0xa4,O(oid)+tlv(0x40,bytes([9,8,7,6]))+I(6 if v else 2)+I(7 if v else 0)+tlv(0x43,b'\1\2')+Q(vb(I(3))))))
P.append(Q(I(0),S(b'x\0y'),tlv(0xa4,O(oid)+tlv(0x40,bytes([9,8,7,6]))+I(6)+I(9)+tlv(0x43,b'\1\2')+Q(vb(I(3))))))
P.append(Q(I(0),S(b'x'),tlv(0xa4,O(oid)+tlv(0x40,bytes([9,8,7,6]))+I(9)+I(9)+tlv(0x43,b'\1\2')+Q(vb(I(3))))))
for fl in (0,1,3,4,7,2):
  for eid in (b'',b'\x80\x00\x1f\x88'):
    usm=S(Q(S(eid),I(3),I(400),S(b'user'),S(b'a'*12),S(b'p'*8)))
    P.append(Q(I(3),Q(I(77),I(65507),S(bytes([fl])),I(3)),usm,Q(S(eid),S(b'ctx'),pdu(2,vb(I(1)),err=1,idx=0))))
P.append(Q(I(3),Q(I(77),I(65507),S(b'\0'),I(2)),b''))
P.append(Q(I(2),b'')); P.append(Q(I(1),S(b'c'),pdu(2,vb(tlv(5,b'')))+b'\0\0')+b'abc')
P.append(Q(I(1),S(b'c'),pdu(2,err=30,idx=0))); P.append(Q(I(1),S(b'c'),pdu(2,err=0,idx=4)))
P.append(bytes.fromhex('3f8101020304')); P.append(b'\x30'); P.append(b'\x30\x81')


def packets():
    for x in P:
        yield eth_udp(x, 161, 40000)
