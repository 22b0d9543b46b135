/* SPDX-License-Identifier: BSD-3-Clause */
/* Babel: RFC 8966. */
#include "dissectors/members.h"

static const struct member_table request_members = {
	.members = (const struct member[]){
		MEMBER_U16("nonce", 4),
		MEMBER_U16("interval", 6),
		MEMBER_END},
};

static const struct member_table acknowledgment_members = {
	.members = (const struct member[]){
		MEMBER_U16("nonce", 2),
		MEMBER_END},
};

static const struct member_table hello_members = {
	.members = (const struct member[]){
		MEMBER_U16("sequence", 4),
		MEMBER_U16("interval", 6),
		MEMBER_END},
};

static const struct member_table heard_members = {
	.members = (const struct member[]){
		MEMBER_U8("address_encoding", 2),
		MEMBER_U16("rx_cost", 4),
		MEMBER_U16("interval", 6),
		MEMBER_END},
};

static const struct member_table router_members = {
	.members = (const struct member[]){
		MEMBER_BYTES("router_id", 4, 8),
		MEMBER_END},
};

static const struct member_table hop_members = {
	.members = (const struct member[]){
		MEMBER_U8("address_encoding", 2),
		MEMBER_END},
};

static const struct member_table update_members = {
	.members = (const struct member[]){
		MEMBER_U8("address_encoding", 2),
		MEMBER_U8("flags", 3),
		MEMBER_U8("prefix_length", 4),
		MEMBER_U8("omitted", 5),
		MEMBER_U16("interval", 6),
		MEMBER_U16("sequence", 8),
		MEMBER_U16("metric", 10),
		MEMBER_END},
};

static const struct member_table route_members = {
	.members = (const struct member[]){
		MEMBER_U8("address_encoding", 2),
		MEMBER_U8("prefix_length", 3),
		MEMBER_END},
};

static const struct member_table sequence_members = {
	.members = (const struct member[]){
		MEMBER_U8("address_encoding", 2),
		MEMBER_U8("prefix_length", 3),
		MEMBER_U16("sequence", 4),
		MEMBER_U8("hop_count", 6),
		MEMBER_BYTES("router_id", 8, 8),
		MEMBER_END},
};

static const struct member_case tlv_cases[] = {
	{2, &request_members},
	{3, &acknowledgment_members},
	{4, &hello_members},
	{5, &heard_members},
	{6, &router_members},
	{7, &hop_members},
	{8, &update_members},
	{9, &route_members},
	{10, &sequence_members},
	{0, NULL},
};

const struct member_table babel_members = {
	.members = (const struct member[]){
		MEMBER_U8("version", 1),
		MEMBER_U16("body_length", 2),
		MEMBER_END},
	.list = {
		.name = "tlvs",
		.at = 4,
		.end = {2, 2, 0},
		.end_more = 4,
		.header = 2,
		.type = {0, 1, 0},
		.length = {1, 1, 0},
		.length_more = 2,
		.padding = true,
		.cases = tlv_cases,
	},
};
