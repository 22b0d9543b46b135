/* SPDX-License-Identifier: BSD-3-Clause */
/* OSPF: RFC 2328, RFC 5340. */
#include "dissectors/members.h"

static const struct member_table header2_members = {
	.members = (const struct member[]){
		MEMBER_U16("age", 0),
		MEMBER_U8("options", 2),
		MEMBER_U8("lsa_type", 3),
		MEMBER_ADDRESS("id", 4),
		MEMBER_ADDRESS("advertising_router", 8),
		MEMBER_U32("sequence", 12),
		MEMBER_U16("checksum", 16),
		MEMBER_U16("lsa_length", 18),
		MEMBER_END},
};

static const struct member_table header3_members = {
	.members = (const struct member[]){
		MEMBER_U16("age", 0),
		MEMBER_U16("lsa_type", 2),
		MEMBER_ADDRESS("id", 4),
		MEMBER_ADDRESS("advertising_router", 8),
		MEMBER_U32("sequence", 12),
		MEMBER_U16("checksum", 16),
		MEMBER_U16("lsa_length", 18),
		MEMBER_END},
};

static const struct member_table neighbor_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("router_id", 0),
		MEMBER_END},
};

static const struct member_table request2_members = {
	.members = (const struct member[]){
		MEMBER_U32("lsa_type", 0),
		MEMBER_ADDRESS("id", 4),
		MEMBER_ADDRESS("advertising_router", 8),
		MEMBER_END},
};

static const struct member_table request3_members = {
	.members = (const struct member[]){
		MEMBER_U16("lsa_type", 2),
		MEMBER_ADDRESS("id", 4),
		MEMBER_ADDRESS("advertising_router", 8),
		MEMBER_END},
};

static const struct member_table hello2_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("network_mask", 24),
		MEMBER_U16("hello_interval", 28),
		MEMBER_U8("options", 30),
		MEMBER_U8("priority", 31),
		MEMBER_U32("dead_interval", 32),
		MEMBER_ADDRESS("designated_router", 36),
		MEMBER_ADDRESS("backup_router", 40),
		MEMBER_END},
	.list = {
		.name = "neighbors",
		.at = 44,
		.end = {2, 2, 0},
		.header = 4,
		.each = &neighbor_members,
	},
};

static const struct member_table description2_members = {
	.members = (const struct member[]){
		MEMBER_U16("mtu", 24),
		MEMBER_U8("options", 26),
		MEMBER_U8("flags", 27),
		MEMBER_U32("sequence", 28),
		MEMBER_END},
	.list = {
		.name = "lsas",
		.at = 32,
		.end = {2, 2, 0},
		.header = 20,
		.each = &header2_members,
	},
};

static const struct member_table requests2_members = {
	.list = {
		.name = "requests",
		.at = 24,
		.end = {2, 2, 0},
		.header = 12,
		.each = &request2_members,
	},
};

static const struct member_table updates2_members = {
	.members = (const struct member[]){
		MEMBER_U32("lsa_count", 24),
		MEMBER_END},
	.list = {
		.name = "lsas",
		.at = 28,
		.end = {2, 2, 0},
		.count = {24, 4, 0},
		.header = 20,
		.length = {18, 2, 0},
		.each = &header2_members,
	},
};

static const struct member_table acknowledgments2_members = {
	.list = {
		.name = "lsas",
		.at = 24,
		.end = {2, 2, 0},
		.header = 20,
		.each = &header2_members,
	},
};

static const struct member_table hello3_members = {
	.members = (const struct member[]){
		MEMBER_U32("interface_id", 16),
		MEMBER_U8("priority", 20),
		MEMBER_U24("options", 21),
		MEMBER_U16("hello_interval", 24),
		MEMBER_U16("dead_interval", 26),
		MEMBER_ADDRESS("designated_router", 28),
		MEMBER_ADDRESS("backup_router", 32),
		MEMBER_END},
	.list = {
		.name = "neighbors",
		.at = 36,
		.end = {2, 2, 0},
		.header = 4,
		.each = &neighbor_members,
	},
};

static const struct member_table description3_members = {
	.members = (const struct member[]){
		MEMBER_U24("options", 17),
		MEMBER_U16("mtu", 20),
		MEMBER_U8("flags", 23),
		MEMBER_U32("sequence", 24),
		MEMBER_END},
	.list = {
		.name = "lsas",
		.at = 28,
		.end = {2, 2, 0},
		.header = 20,
		.each = &header3_members,
	},
};

static const struct member_table requests3_members = {
	.list = {
		.name = "requests",
		.at = 16,
		.end = {2, 2, 0},
		.header = 12,
		.each = &request3_members,
	},
};

static const struct member_table updates3_members = {
	.members = (const struct member[]){
		MEMBER_U32("lsa_count", 16),
		MEMBER_END},
	.list = {
		.name = "lsas",
		.at = 20,
		.end = {2, 2, 0},
		.count = {16, 4, 0},
		.header = 20,
		.length = {18, 2, 0},
		.each = &header3_members,
	},
};

static const struct member_table acknowledgments3_members = {
	.list = {
		.name = "lsas",
		.at = 16,
		.end = {2, 2, 0},
		.header = 20,
		.each = &header3_members,
	},
};

static const struct member_case packet_cases[] = {
	{0x0201, &hello2_members},
	{0x0202, &description2_members},
	{0x0203, &requests2_members},
	{0x0204, &updates2_members},
	{0x0205, &acknowledgments2_members},
	{0x0301, &hello3_members},
	{0x0302, &description3_members},
	{0x0303, &requests3_members},
	{0x0304, &updates3_members},
	{0x0305, &acknowledgments3_members},
	{0, NULL},
};

const struct member_table ospf_members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 0),
		MEMBER_U8("type", 1),
		MEMBER_U16("packet_length", 2),
		MEMBER_ADDRESS("router_id", 4),
		MEMBER_ADDRESS("area_id", 8),
		MEMBER_U16("checksum", 12),
		MEMBER_END},
	.choice = {0, 2, 0},
	.cases = packet_cases,
};
