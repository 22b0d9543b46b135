/* SPDX-License-Identifier: BSD-3-Clause */
/* PIM version 2: RFC 7761; bootstrap: RFC 5059. */
#include "dissectors/members.h"

static const struct member_table hold_members = {
	.members = (const struct member[]){
		MEMBER_U16("hold_time", 4),
		MEMBER_END},
};

static const struct member_table prune_members = {
	.members = (const struct member[]){
		MEMBER_PART("propagation_delay", 4, 2, 0, 15),
		MEMBER_U16("override_interval", 6),
		MEMBER_END},
};

static const struct member_table priority_members = {
	.members = (const struct member[]){
		MEMBER_U32("designated_router_priority", 4),
		MEMBER_END},
};

static const struct member_table generation_members = {
	.members = (const struct member[]){
		MEMBER_U32("generation_id", 4),
		MEMBER_END},
};

static const struct member_case option_cases[] = {
	{1, &hold_members},
	{2, &prune_members},
	{19, &priority_members},
	{20, &generation_members},
	{0, NULL},
};

static const struct member_table hello_members = {
	.list = {
		.name = "options",
		.at = 4,
		.header = 4,
		.type = {0, 2, 0},
		.length = {2, 2, 0},
		.length_more = 4,
		.cases = option_cases,
	},
};

static const struct member_table register_members = {
	.members = (const struct member[]){
		MEMBER_FLAG("border", 4, 4, 31),
		MEMBER_FLAG("null_register", 4, 4, 30),
		MEMBER_END},
};

static const struct member_table join4_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("upstream_neighbor", 6),
		MEMBER_U8("group_count", 11),
		MEMBER_U16("hold_time", 12),
		MEMBER_END},
};

static const struct member_table join6_members = {
	.members = (const struct member[]){
		MEMBER_ADDRESS6("upstream_neighbor", 6),
		MEMBER_U8("group_count", 23),
		MEMBER_U16("hold_time", 24),
		MEMBER_END},
};

static const struct member_case family_cases[] = {
	{1, &join4_members},
	{2, &join6_members},
	{0, NULL},
};

static const struct member_table join_members = {
	.choice = {4, 1, 0},
	.cases = family_cases,
};

static const struct member_table bootstrap_members = {
	.members = (const struct member[]){
		MEMBER_U16("fragment_tag", 4),
		MEMBER_U8("hash_mask_length", 6),
		MEMBER_U8("bootstrap_priority", 7),
		MEMBER_END},
};

static const struct member_table candidate_members = {
	.members = (const struct member[]){
		MEMBER_U8("prefix_count", 4),
		MEMBER_U8("priority", 5),
		MEMBER_U16("hold_time", 6),
		MEMBER_END},
};

static const struct member_case type_cases[] = {
	{0x20, &hello_members},
	{0x21, &register_members},
	{0x23, &join_members},
	{0x24, &bootstrap_members},
	{0x28, &candidate_members},
	{0, NULL},
};

const struct member_table pim_members = {
	.members = (const struct member[]){
		MEMBER_PART("version", 0, 1, 4, 4),
		MEMBER_PART("type", 0, 1, 0, 4),
		MEMBER_U16("checksum", 2),
		MEMBER_END},
	.choice = {0, 1, 0},
	.cases = type_cases,
};
