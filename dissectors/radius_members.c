/* SPDX-License-Identifier: BSD-3-Clause */
/* RADIUS attributes: RFC 2865, RFC 2866, RFC 2869. */
#include "dissectors/members.h"

static const struct member_table attribute_1 = {
	.members = (const struct member[]){
		MEMBER_STRING("user_name", 2, 0),
		MEMBER_END},
};

static const struct member_table attribute_4 = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("nas_address", 2),
		MEMBER_END},
};

static const struct member_table attribute_5 = {
	.members = (const struct member[]){
		MEMBER_U32("nas_port", 2),
		MEMBER_END},
};

static const struct member_table attribute_6 = {
	.members = (const struct member[]){
		MEMBER_U32("service_type", 2),
		MEMBER_END},
};

static const struct member_table attribute_7 = {
	.members = (const struct member[]){
		MEMBER_U32("framed_protocol", 2),
		MEMBER_END},
};

static const struct member_table attribute_8 = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("framed_address", 2),
		MEMBER_END},
};

static const struct member_table attribute_9 = {
	.members = (const struct member[]){
		MEMBER_ADDRESS("framed_netmask", 2),
		MEMBER_END},
};

static const struct member_table attribute_11 = {
	.members = (const struct member[]){
		MEMBER_STRING("filter_id", 2, 0),
		MEMBER_END},
};

static const struct member_table attribute_12 = {
	.members = (const struct member[]){
		MEMBER_U32("framed_mtu", 2),
		MEMBER_END},
};

static const struct member_table attribute_18 = {
	.members = (const struct member[]){
		MEMBER_STRING("reply_message", 2, 0),
		MEMBER_END},
};

static const struct member_table attribute_26 = {
	.members = (const struct member[]){
		MEMBER_U32("vendor_id", 2),
		MEMBER_BYTES("value", 6, 0),
		MEMBER_END},
};

static const struct member_table attribute_27 = {
	.members = (const struct member[]){
		MEMBER_U32("session_timeout", 2),
		MEMBER_END},
};

static const struct member_table attribute_28 = {
	.members = (const struct member[]){
		MEMBER_U32("idle_timeout", 2),
		MEMBER_END},
};

static const struct member_table attribute_30 = {
	.members = (const struct member[]){
		MEMBER_STRING("called_station_id", 2, 0),
		MEMBER_END},
};

static const struct member_table attribute_31 = {
	.members = (const struct member[]){
		MEMBER_STRING("calling_station_id", 2, 0),
		MEMBER_END},
};

static const struct member_table attribute_32 = {
	.members = (const struct member[]){
		MEMBER_STRING("nas_identifier", 2, 0),
		MEMBER_END},
};

static const struct member_table attribute_40 = {
	.members = (const struct member[]){
		MEMBER_U32("accounting_status", 2),
		MEMBER_END},
};

static const struct member_table attribute_41 = {
	.members = (const struct member[]){
		MEMBER_U32("delay_time", 2),
		MEMBER_END},
};

static const struct member_table attribute_42 = {
	.members = (const struct member[]){
		MEMBER_U32("input_octets", 2),
		MEMBER_END},
};

static const struct member_table attribute_43 = {
	.members = (const struct member[]){
		MEMBER_U32("output_octets", 2),
		MEMBER_END},
};

static const struct member_table attribute_44 = {
	.members = (const struct member[]){
		MEMBER_STRING("session_id", 2, 0),
		MEMBER_END},
};

static const struct member_table attribute_45 = {
	.members = (const struct member[]){
		MEMBER_U32("authentic", 2),
		MEMBER_END},
};

static const struct member_table attribute_46 = {
	.members = (const struct member[]){
		MEMBER_U32("session_time", 2),
		MEMBER_END},
};

static const struct member_table attribute_47 = {
	.members = (const struct member[]){
		MEMBER_U32("input_packets", 2),
		MEMBER_END},
};

static const struct member_table attribute_48 = {
	.members = (const struct member[]){
		MEMBER_U32("output_packets", 2),
		MEMBER_END},
};

static const struct member_table attribute_49 = {
	.members = (const struct member[]){
		MEMBER_U32("terminate_cause", 2),
		MEMBER_END},
};

static const struct member_table attribute_61 = {
	.members = (const struct member[]){
		MEMBER_U32("nas_port_type", 2),
		MEMBER_END},
};

static const struct member_table attribute_87 = {
	.members = (const struct member[]){
		MEMBER_STRING("nas_port_id", 2, 0),
		MEMBER_END},
};

const struct member_case radius_member_cases[] = {
	{1, &attribute_1},
	{4, &attribute_4},
	{5, &attribute_5},
	{6, &attribute_6},
	{7, &attribute_7},
	{8, &attribute_8},
	{9, &attribute_9},
	{11, &attribute_11},
	{12, &attribute_12},
	{18, &attribute_18},
	{26, &attribute_26},
	{27, &attribute_27},
	{28, &attribute_28},
	{30, &attribute_30},
	{31, &attribute_31},
	{32, &attribute_32},
	{40, &attribute_40},
	{41, &attribute_41},
	{42, &attribute_42},
	{43, &attribute_43},
	{44, &attribute_44},
	{45, &attribute_45},
	{46, &attribute_46},
	{47, &attribute_47},
	{48, &attribute_48},
	{49, &attribute_49},
	{61, &attribute_61},
	{87, &attribute_87},
	{0, NULL},
};
