/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/tokens.h"

#include <ctype.h>
#include <string.h>

#include "filters/array.h"

static const char *const directions[] = {"src", "dst", NULL};

static const char *const keywords[] = {
	"arp",	  "rarp",     "ip",	   "ip6",	"tcp",	   "udp",
	"sctp",	  "icmp",     "icmp6",	   "igmp",	"igrp",	   "pim",
	"vrrp",	  "carp",     "esp",	   "ah",	"atalk",   "aarp",
	"decnet", "lat",      "moprc",	   "mopdl",	"iso",	   "esis",
	"isis",	  "clnp",     "stp",	   "ipx",	"netbeui", "llc",
	"vlan",	  "mpls",     "pppoed",	   "pppoes",	"geneve",  "inbound",
	"l1",	  "l2",	      "iih",	   "lsp",	"snp",	   "csnp",
	"psnp",	  "outbound", "multicast", "broadcast", NULL};

static size_t token_length(const char *at)
{
	size_t n = 0;
	int depth = 0;

	if (*at == '(' || *at == ')')
		return 1;
	if (!strncmp(at, "&&", 2) || !strncmp(at, "||", 2))
		return 2;
	if (*at == '!' && at[1] != '=')
		return 1;
	for (; at[n]; n++) {
		depth += (at[n] == '[') - (at[n] == ']');
		if (depth > 0)
			continue;
		if (isspace((unsigned char)at[n]) || at[n] == '(' ||
		    at[n] == ')' || !strncmp(at + n, "&&", 2) ||
		    !strncmp(at + n, "||", 2) ||
		    (at[n] == '!' && at[n + 1] != '='))
			break;
	}
	return n;
}

bool tokens_split(struct tokens *tokens, const char *text)
{
	while (*(text += strspn(text, " \t\n\r\f\v"))) {
		struct token token = {text, token_length(text)};

		if (!ARRAY_ADD(tokens->items, tokens->count, tokens->capacity,
			       token))
			return false;
		text += token.length;
	}
	return true;
}

bool token_is_word(const struct token *token, const char *word)
{
	return strlen(word) == token->length &&
	       !memcmp(token->at, word, token->length);
}

bool token_is_and(const struct token *token)
{
	return token_is_word(token, "and") || token_is_word(token, "&&");
}

bool token_is_or(const struct token *token)
{
	return token_is_word(token, "or") || token_is_word(token, "||");
}

bool token_is_not(const struct token *token)
{
	return token_is_word(token, "not") || token_is_word(token, "!");
}

bool token_is_one_of(const struct token *token, const char *const *words)
{
	for (; *words; words++)
		if (token_is_word(token, *words))
			return true;
	return false;
}

bool token_is_keyword(const struct token *token)
{
	return token_is_one_of(token, keywords);
}

bool token_is_direction(const struct token *token)
{
	return token_is_one_of(token, directions);
}

size_t tokens_element_end(const struct tokens *tokens, size_t from, size_t to)
{
	const struct token *t = tokens->items;
	int depth = 0;

	for (size_t at = from; at < to; at++) {
		depth +=
			token_is_word(&t[at], "(") - token_is_word(&t[at], ")");
		if (depth || at == from ||
		    (!token_is_and(&t[at]) && !token_is_or(&t[at])))
			continue;
		if (at + 1 < to && token_is_direction(&t[at - 1]) &&
		    token_is_direction(&t[at + 1]))
			continue; /* src or dst */
		return at;
	}
	return to;
}
