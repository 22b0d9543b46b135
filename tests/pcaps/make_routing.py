# seeds for the differential fuzzer, by protocol: frames of Ethernet
import struct,socket,sys
def ck(b):
    if len(b)%2: b+=b'\0'
    s=sum(struct.unpack('>%dH'%(len(b)//2),b))
    while s>>16: s=(s&0xffff)+(s>>16)
    return ~s&0xffff
def eth(t,p,dst=b'\x01\x00\x5e\0\0\5',src=b'\2\0\0\0\0\1'): return dst+src+struct.pack('>H',t)+p
def ip(pr,p,ttl=1,src='10.0.0.1',dst='224.0.0.5'):
    h=struct.pack('>BBHHHBBH',0x45,0xc0,20+len(p),1,0,ttl,pr,0)+socket.inet_aton(src)+socket.inet_aton(dst)
    h=h[:10]+struct.pack('>H',ck(h))+h[12:]
    return eth(0x800,h+p)
def ip6(pr,p,hl=1,src='fe80::1',dst='ff02::5'):
    return eth(0x86dd,struct.pack('>IHBB',0x6c000000,len(p),pr,hl)+socket.inet_pton(10,src)+socket.inet_pton(10,dst)+p)
def udp(sp,dp,p,**k): return ip(17,struct.pack('>HHHH',sp,dp,8+len(p),0)+p,**k)
def udp6(sp,dp,p,**k): return ip6(17,struct.pack('>HHHH',sp,dp,8+len(p),0x1234)+p,**k)
def tcp(sp,dp,p,**k): return ip(6,struct.pack('>HHIIBBHHH',sp,dp,1,1,0x50,0x18,1000,0,0)+p,**k)
def llc(sap,p,dst=b'\x01\x80\xc2\0\0\0'): 
    b=bytes([sap,sap,3])+p
    return dst+b'\2\0\0\0\0\1'+struct.pack('>H',len(b))+b
def snap(oui,pid,p,dst=b'\x01\0\x0c\xcc\xcc\xcc'):
    b=b'\xaa\xaa\3'+struct.pack('>I',oui)[1:]+struct.pack('>H',pid)+p
    return dst+b'\2\0\0\0\0\1'+struct.pack('>H',len(b))+b
def A(s): return socket.inet_aton(s)
def A6(s): return socket.inet_pton(10,s)
H=bytes.fromhex
def write(path,frames,lt=1):
    with open(path,'wb') as f:
        f.write(struct.pack('<IHHiIII',0xa1b2c3d4,2,4,0,0,262144,lt))
        for i,b in enumerate(frames): f.write(struct.pack('<IIII',1600000000+i,i*1000,len(b),len(b))+b)

def ospf(t,body,auth=0,data=b'\0'*8,tail=b''):
    return ip(89,struct.pack('>BBH',2,t,24+len(body))+A('10.0.0.1')+A('0.0.0.1')+struct.pack('>HH',0x1234,auth)+data+body+tail)
def lsa(t,body,idb=b'\x0a\0\0\1',age=10):
    return struct.pack('>HBB',age,0x22,t)+idb+A('10.0.0.9')+struct.pack('>IHH',0x80000001,0xabcd,20+len(body))+body
def tlv(t,b): return struct.pack('>HH',t,len(b))+b+b'\0'*(-len(b)%4)
F32=H('4b989680')
link=tlv(1,b'\1')+tlv(2,A('1.1.1.1'))+tlv(3,A('2.2.2.2'))+tlv(4,A('3.3.3.3'))+tlv(5,b'\0\0\0\7')+tlv(6,F32)+tlv(7,F32)+tlv(8,F32*8)+tlv(9,b'\0\0\0\1')+tlv(11,b'\0\0\0\1\0\0\0\2')+tlv(14,b'\2\0\0\0')+tlv(15,b'\1\1\0\0'+F32*8)+tlv(16,b'\0\0\0\5\0\0\0\6')+tlv(17,b'\0\0\0\0'+F32*2)+tlv(99,b'abcd')
def ospf_frames():
    h=A('255.255.255.0')+H('000a1201')+H('00000028')+A('10.0.0.1')+A('10.0.0.2')+A('10.0.0.3')+A('10.0.0.4')
    lls=H('12340009')+H('00010004')+H('00000003')+H('00020014')+H('00000001')+b'\x11'*16
    ls=[lsa(1,H('07000002')+A('10.0.0.2')+A('10.0.0.1')+H('0100000a')+A('10.1.0.0')+A('255.255.0.0')+H('03010005')+H('01000007')),
        lsa(2,A('255.255.255.0')+A('10.0.0.1')+A('10.0.0.2')),lsa(3,A('255.0.0.0')+H('00000014')+H('01000015')),lsa(4,A('0.0.0.0')+H('00000014')),
        lsa(5,A('255.255.0.0')+H('80000014')+A('10.9.9.9')+A('0.0.0.7')),lsa(7,A('255.255.0.0')+H('00ffffff')+A('0.0.0.0')+A('0.0.0.0')),
        lsa(6,H('00000001')+A('9.9.9.9')+H('00000002')+A('8.8.8.8')),lsa(10,tlv(1,A('1.2.3.4'))+tlv(2,link),H('01000001')),
        lsa(9,tlv(1,H('00000078'))+tlv(2,b'\1')+tlv(3,A('1.2.3.4')),H('03000000')),lsa(11,tlv(1,H('00000070'))+tlv(9,b'12345678'),H('04000000')),lsa(10,b'unknown.',H('09000000'))]
    up=lambda l: ospf(4,struct.pack('>I',len(l))+b''.join(l))
    return [ospf(1,h),ospf(1,h,1,b'secret\0\0'),ospf(1,h,2,H('0000011000000007'),b'\xee'*16),ospf(1,h,0,b'\0'*8,lls),
        ospf(2,H('05dc5207')+H('00001111')+ls[0][:20]+ls[7][:20]),ospf(3,H('00000001')+A('1.1.1.1')+A('2.2.2.2')+H('0000000a')+H('01000001')+A('2.2.2.2')),
        up(ls[:4]),up(ls[4:7]),up(ls[7:9]),up(ls[9:]),ospf(5,ls[0][:20]+ls[1][:20]+ls[8][:20]),ospf(9,b'abc')]
def ospf6(t,body,tail=b''):
    return ip6(89,struct.pack('>BBH',3,t,16+len(body))+A('10.0.0.1')+A('0.0.0.0')+H('12340100')+body+tail)
def lsa6(t,body,length=None):
    return struct.pack('>HH',5,t)+A('0.0.0.3')+A('1.1.1.1')+struct.pack('>IHH',0x80000002,0x9999,20+len(body) if length is None else length)+body
def ospf6_frames():
    px=lambda l,o,m,b: struct.pack('>BBH',l,o,m)+b
    p64=px(64,0,0,A6('2001:db8::')[:8])
    h=H('00000005')+H('01000613')+struct.pack('>HH',10,40)+A('1.1.1.1')+A('2.2.2.2')+A('3.3.3.3')
    at=H('0001002000000005')+H('0000000000000009')+b'\xaa'*16
    ls=[lsa6(0x2001,H('01000033')+H('01000001')+H('00000005')+H('00000006')+A('4.4.4.4')+H('0200000a')+H('00000005')+H('00000006')+A('4.4.4.4')),
      lsa6(0x2002,H('00000033')+A('1.1.1.1')+A('2.2.2.2')),lsa6(0x2003,H('0000000a')+p64),lsa6(0x4005,H('8300000a')+px(128,0x20,0x0100,A6('2001:db8::1'))+A6('fe80::9')+A('0.0.0.7')+A('9.9.9.9')),
      lsa6(8,H('01000033')+A6('fe80::1')+H('00000001')+p64),lsa6(0x2009,H('00012001')+A('0.0.0.0')+A('1.1.1.1')+p64),lsa6(0xb,tlv(1,H('00000078'))+tlv(2,b'\2')),lsa6(0xa,tlv(1,A('1.1.1.1'))+tlv(2,link)),lsa6(0x1234,b'unknown!')]
    up=lambda l: ospf6(4,struct.pack('>I',len(l))+b''.join(l))
    return [ospf6(1,h),ospf6(1,h[:4]+H('01000213')+h[8:],H('12340008')+H('00010000')+at),ospf6(2,H('00000233')+H('05dc0017')+H('00000777')+ls[0][:20],H('99990004')),
      ospf6(3,H('00002001')+A('1.1.1.1')+A('2.2.2.2')),up(ls[:3]),up(ls[3:6]),up(ls[6:]),ospf6(5,ls[0][:20]+ls[4][:20],at),ospf6(7,b'')]
def vrrp_frames():
    def v(b): return b[:6]+struct.pack('>H',ck(b[:6]+b'\0\0'+b[8:]))+b[8:]
    return [ip(112,v(H('2101640100010000')+A('10.0.0.254')+b'\0'*8),ttl=255,dst='224.0.0.18'),ip(112,v(H('2101640201010000')+A('10.0.0.254')+A('10.0.0.253')+b'passwd\0\0'),ttl=255),
      ip(112,H('3101640100640000')+A('10.0.0.254'),ttl=255),ip6(112,H('3101640100640000')+A6('fe80::2'),hl=255),ip(112,H('2f01640100640000'),ttl=7)]
def hsrp_frames():
    b=H('0000100304640100')+b'cisco\0\0\0'+A('10.0.0.254')
    return [udp(1985,1985,b,dst='224.0.0.2'),udp(1985,1985,b[:1]+b'\1\4'+b[3:]),udp(1985,1985,b'\2'+b[1:])]
def rip_frames():
    e=H('00020007')+A('10.1.0.0')+A('255.255.0.0')+A('0.0.0.0')+H('00000003')
    return [udp(520,520,H('02020000')+e+e),udp(520,520,H('02010000')+H('00020000')+A('10.1.0.0')+b'\0'*8+H('00000002')),udp(520,520,H('01020000')+H('ffff0002')+b'password\0\0\0\0\0\0\0\0'+e),
      udp(520,520,H('02020000')+H('ffff0003')+H('002c0114')+H('00000001')+b'\0'*8+e+H('ffff0001')+b'\x77'*16),udp6(521,521,H('02010000')+A6('2001:db8::')+H('00004001')+A6('::')+H('00050010')),udp6(521,521,H('01010000')+A6('::')+H('00000010'))]
def bfd_frames():
    b=H('20c80318')+H('00000001')+H('00000002')+H('000f4240')*3
    return [udp(49153,3784,b),udp(49153,4784,b),udp(49153,6784,b),udp(49153,3785,b),udp(49153,3784,H('00040318')+b[4:]+H('010a0561626364656667')),udp(49153,3784,H('20c40330')+b[4:]+H('02180100')+H('00000009')+b'\x44'*16),udp(49153,3784,H('20c40334')+b[4:]+H('051c0200')+H('00000009')+b'\x55'*20),udp(49153,3784,b'\x60'+b[1:])]
G={n[:-7]:f for n,f in list(globals().items()) if n.endswith('_frames')}
def eigrp_frames():
    def e(op,tl): return ip(88,struct.pack('>BBHIIIHH',2,op,0xbeef,9,5,4,0,100)+tl,dst='224.0.0.10')
    T=lambda t,b: struct.pack('>HH',t,len(b)+4)+b
    return [e(5,T(1,H('010001000000000f'))+T(4,H('0c040102'))+T(2,b'x'*8)),
      e(1,T(0x102,A('0.0.0.0')+H('00000a00')+H('00002710')+H('0005dc')+H('00ff0100')+H('00')+H('180a0102'))+T(0x103,A('10.0.0.2')+A('9.9.9.9')+H('00000001')*3+H('0000')+H('0b01')+H('00000a00')+H('00002710')+H('0005dc')+H('01ff0100')+H('00')+H('100a01'))),
      e(3,T(0x202,H('00010002')+H('00000a00')+H('00002710')+H('0005dc')+H('00ff0100')+H('00')+H('00010005'))+T(0x203,H('00000000')+H('00000001')*3+H('0b01')+H('0003')+H('00000a00')+H('00002710')+H('0005dc')+H('00ff0100')+H('00')+H('00010005'))+T(0x204,H('00010002')+H('00000009'))),
      ip(88,b'\1'*24),e(9,b'')]
def aodv_frames():
    q=H('01f80003')+H('00000009')+A('10.0.0.9')+H('00000001')+A('10.0.0.1')+H('00000002')
    q6=H('01f80003')+H('00000009')+A6('fe80::9')+H('00000001')+A6('fe80::1')+H('00000002')
    r=H('02c00a02')+A('10.0.0.9')+H('00000005')+A('10.0.0.1')+H('00000bb8')
    r6=H('02c00a02')+A6('fe80::9')+H('00000005')+A6('fe80::1')+H('00000bb8')
    d1=H('10f80003')+H('00000009')+H('00000001')+A6('fe80::9')+H('00000002')+A6('fe80::1')
    d2=H('11c00a02')+H('00000005')+A6('fe80::9')+A6('fe80::1')+H('00000bb8')
    x=H('010400000064'); y=H('0903010203')
    return [udp(654,654,q),udp(654,654,q+x),udp(654,654,r+y),udp(654,654,r),udp(654,654,H('03800002')+A('1.1.1.1')+H('00000001')+A('2.2.2.2')+H('00000002')),udp(654,654,H('0400')),
      udp6(654,654,q6+x),udp6(654,654,r6),udp6(654,654,H('03000001')+A6('fe80::3')+H('00000001')),udp6(654,654,d1+x),udp6(654,654,d2),udp6(654,654,H('12000001')+H('00000001')+A6('fe80::3')),udp(654,654,d1),udp(654,654,H('1300'))]
def ldp_frames():
    T=lambda t,b: struct.pack('>HH',t,len(b))+b
    M=lambda t,b: struct.pack('>HHI',t,len(b)+4,7)+b
    def P(m): return struct.pack('>HH',1,len(m)+6)+A('1.1.1.1')+b'\0\0'+m
    vc=H('80')+H('8005')+H('0f')+H('00000001')+H('00000064')+H('010405dc')+H('03047a7a')+H('0c040103')
    ms=[M(0x100,T(0x400,H('000fc000'))+T(0x401,A('1.1.1.1'))+T(0x402,H('00000005'))+T(0x403,A6('::1'))),M(0x200,T(0x500,H('000100b400001000')+A('2.2.2.2')+b'\0\0')+T(0x8503,H('800f000000000064000000c8'))),M(0x201,b''),
      M(0x300,T(0x101,H('0001')+A('1.1.1.1')+A('2.2.2.2'))+T(0x101,H('0002')+A6('::2'))),M(0x400,T(0x100,H('020001180a0102'))+T(0x200,H('00000010'))+T(0x601,H('05dc'))),M(0x400,T(0x100,vc)+T(0x200,H('00000011'))),
      M(0x402,T(0x100,H('01'))),M(0x400,T(0x100,H('0200024020010db800000000'))),M(1,T(0x300,H('8000000a00000007')+H('0000'))),M(0x403,b'abcdefgh'),M(0x8777,b'zz'),M(0x300,T(0x103,b'\5'))]
    return [udp(646,646,P(ms[0]))]+[tcp(646,40000,P(m)) for m in ms[1:]]+[tcp(646,40000,P(ms[3]+ms[4])+P(ms[2]))]
