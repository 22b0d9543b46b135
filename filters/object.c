/* SPDX-License-Identifier: BSD-3-Clause */
#include "filters/object.h"

#include <bpf/btf.h>
#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "filters/expression.h"
#include "filters/maps.h"
#include "src/base/cleanup.h"

#define FUNCTION_NAME "bsniff_filter"

/* The section's names, as .strtab begins; ELF wants a leading NUL. The names of
 * maps follow. */
static const char names[] = "\0.text\0.symtab\0.strtab\0.BTF\0.BTF.ext\0"
			    ".maps\0.rel.text\0" FUNCTION_NAME;

enum {
	SECTION_TEXT = 1,
	SECTION_SYMTAB,
	SECTION_STRTAB,
	SECTION_BTF,
	SECTION_EXT,
	SECTION_MAPS
};

/* R_BPF_64_64 of Documentation/bpf/llvm_reloc.rst */
#define RELOCATE_LOAD 1

/* A map definition has five members, each a pointer. */
#define MAP_BYTES 40

static uint32_t name_of(const char *name)
{
	size_t n = strlen(name) + 1;

	for (size_t i = 1; i + n <= sizeof(names); i++)
		if (!names[i - 1] && !memcmp(names + i, name, n))
			return (uint32_t)i;
	return 0;
}

/* ---- BTF ---- */

DEFINE_CLEANUP(struct btf *, btf__free)

/* int bsniff_filter(struct __sk_buff *skb); the type's number, or negative.
 * The struct has no members: types are compared by name where it matters. */
static int add_function(struct btf *btf)
{
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int skb = btf__add_struct(btf, "__sk_buff", sizeof(struct __sk_buff));
	int pointer = btf__add_ptr(btf, skb);
	int prototype = btf__add_func_proto(btf, number);

	if (number < 0 || skb < 0 || pointer < 0 || prototype < 0 ||
	    btf__add_func_param(btf, "skb", pointer))
		return -ENOMEM;
	return btf__add_func(btf, FUNCTION_NAME, BTF_FUNC_GLOBAL, prototype);
}

/* `__uint(name, value)' of <bpf/bpf_helpers.h>: int (*name)[value]. */
static int add_number(struct btf *btf, int integer, uint32_t value)
{
	int array = btf__add_array(btf, integer, integer, value);
	int pointer = btf__add_ptr(btf, array);

	return array < 0 ? array : pointer;
}

/* The type of one map's definition. */
static int add_map_type(struct btf *btf, int integer, const struct list *list)
{
	bool trie = maps_is_trie(list);
	const struct {
		const char *name;
		uint32_t value;
	} numbers[] = {
		{"type", trie ? BPF_MAP_TYPE_LPM_TRIE : BPF_MAP_TYPE_HASH},
		{"max_entries", maps_entries(list)},
		{"key_size", maps_key_size(list)},
		{"value_size", 1},
		{"map_flags", trie ? BPF_F_NO_PREALLOC : 0},
	};
	int types[ARRAY_SIZE(numbers)], type;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		types[i] = add_number(btf, integer, numbers[i].value);
	type = btf__add_struct(btf, NULL, MAP_BYTES);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (types[i] < 0 ||
		    btf__add_field(btf, numbers[i].name, types[i],
				   (uint32_t)i * 64, 0))
			return -ENOMEM;
	return type;
}

/* The maps, as variables in the section .maps. */
static int add_maps(struct btf *btf, const struct graph *graph,
		    const int *lists, size_t count)
{
	int integer = btf__find_by_name_kind(btf, "int", BTF_KIND_INT);
	int *variables _cleanup_free_ = calloc(count + 1, sizeof(int));
	int section;

	if (!count)
		return 0;
	for (size_t i = 0; variables && i < count; i++) {
		int type = add_map_type(btf, integer, &graph->lists[lists[i]]);
		char name[MAPS_NAME];

		maps_put_name(name, lists[i]);
		variables[i] =
			btf__add_var(btf, name, BTF_VAR_GLOBAL_ALLOCATED, type);
	}
	section = btf__add_datasec(btf, ".maps", (uint32_t)count * MAP_BYTES);
	for (size_t i = 0; i < count; i++)
		if (!variables || variables[i] < 0 ||
		    btf__add_datasec_var_info(btf, variables[i],
					      (uint32_t)i * MAP_BYTES,
					      MAP_BYTES))
			return -ENOMEM;
	return section < 0 ? section : 0;
}

/* .BTF.ext (Documentation/bpf/btf.rst): one function, and lines. */
struct ext_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len;
	uint32_t func_info_off, func_info_len;
	uint32_t line_info_off, line_info_len;
	uint32_t core_relo_off, core_relo_len;
};

struct ext_section {
	uint32_t record_size, name, count;
};

static int line_text(struct btf *btf, const struct emit_note *note,
		     const struct classic *classic, struct strbuf *text)
{
	strbuf_reset(text);
	if (note->origin >= 0 && (size_t)note->origin < classic->length) {
		expression_put_insn(&classic->code[note->origin],
				    (size_t)note->origin, text);
		if (note->what)
			strbuf_printf(text, "  [%s]", note->what);
	} else {
		strbuf_puts(text, note->what ? note->what : "phi");
	}
	return text->failed ? -ENOMEM : btf__add_str(btf, strbuf_text(text));
}

static bool same_note(const struct emit_note *a, const struct emit_note *b)
{
	return a->origin == b->origin && a->what == b->what;
}

static int add_lines(struct btf *btf, const struct program *program,
		     const struct classic *classic, struct strbuf *out,
		     uint32_t *count)
{
	struct strbuf text _cleanup_(strbuf_free) = STRBUF_INIT;
	int file = btf__add_str(btf, "filter");

	if (file < 0)
		return file;
	for (size_t i = 0; i < program->length; i++) {
		const struct emit_note *note = &program->notes[i];
		uint32_t line[4];
		int words;

		if (i && same_note(note, note - 1))
			continue;
		words = line_text(btf, note, classic, &text);
		if (words < 0)
			return words;
		line[0] = (uint32_t)(i * sizeof(struct bpf_insn));
		line[1] = (uint32_t)file;
		line[2] = (uint32_t)words;
		line[3] = (uint32_t)(note->origin + 1) << 10;
		strbuf_add(out, line, sizeof(line));
		++*count;
	}
	return out->failed ? -ENOMEM : 0;
}

static int write_ext(struct btf *btf, int function,
		     const struct program *program,
		     const struct classic *classic, struct strbuf *out)
{
	struct strbuf lines _cleanup_(strbuf_free) = STRBUF_INIT;
	uint32_t name = (uint32_t)btf__add_str(btf, ".text");
	struct ext_section functions = {8, name, 1};
	struct ext_section section = {16, name, 0};
	uint32_t record[2] = {0, (uint32_t)function};
	struct ext_header header = {
		.magic = 0xeb9f, .version = 1, .hdr_len = sizeof(header)};
	int status = add_lines(btf, program, classic, &lines, &section.count);

	if (status)
		return status;
	header.func_info_len = sizeof(functions) + sizeof(record);
	header.line_info_off = header.func_info_len;
	header.line_info_len = (uint32_t)(sizeof(section) + lines.length);
	header.core_relo_off = header.line_info_off + header.line_info_len;
	strbuf_add(out, &header, sizeof(header));
	strbuf_add(out, &functions, sizeof(functions));
	strbuf_add(out, record, sizeof(record));
	strbuf_add(out, &section, sizeof(section));
	strbuf_add(out, lines.data, lines.length);
	return out->failed ? -ENOMEM : 0;
}

/* ---- ELF ---- */

struct section {
	const char *name;
	uint32_t type;
	uint64_t flags, align, entry;
	uint32_t link, info;
	const void *data;
	size_t size;
};

static int add_section(Elf *elf, const struct section *section)
{
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *data = scn ? elf_newdata(scn) : NULL;
	Elf64_Shdr *header = data ? elf64_getshdr(scn) : NULL;

	if (!header)
		return -ENOMEM;
	data->d_buf = (void *)(uintptr_t)section->data;
	data->d_size = section->size;
	data->d_align = section->align;
	data->d_type = section->type == SHT_SYMTAB ? ELF_T_SYM
		       : section->type == SHT_REL  ? ELF_T_REL
						   : ELF_T_BYTE;
	header->sh_name = name_of(section->name);
	header->sh_type = section->type;
	header->sh_flags = section->flags;
	header->sh_link = section->link;
	header->sh_info = section->info;
	header->sh_entsize = section->entry;
	return 0;
}

static int write_elf(Elf *elf, const struct section *sections, size_t count)
{
	Elf64_Ehdr *header = elf64_newehdr(elf);

	if (!header)
		return -ENOMEM;
	header->e_ident[EI_DATA] = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
					   ? ELFDATA2LSB
					   : ELFDATA2MSB;
	header->e_type = ET_REL;
	header->e_machine = EM_BPF;
	header->e_version = EV_CURRENT;
	header->e_shstrndx = SECTION_STRTAB;
	for (size_t i = 0; i < count; i++)
		if (add_section(elf, &sections[i]))
			return -ENOMEM;
	return elf_update(elf, ELF_C_WRITE) < 0 ? -EIO : 0;
}

static int read_back(int fd, struct filter_object *object)
{
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return -errno;
	object->data = malloc((size_t)size);
	if (!object->data)
		return -ENOMEM;
	object->length = (size_t)size;
	return pread(fd, object->data, (size_t)size, 0) == size ? 0 : -EIO;
}

static int write_sections(const struct section *sections, size_t count,
			  struct filter_object *object)
{
	int fd _cleanup_close_ = memfd_create("filter", MFD_CLOEXEC);
	int status;
	Elf *elf;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	if (!elf)
		return -ENOMEM;
	status = write_elf(elf, sections, count);
	elf_end(elf);
	return status ? status : read_back(fd, object);
}

/* The lists that have maps, each once; their number, or -ENOMEM. */
static int list_maps(const struct program *program, int **lists)
{
	size_t count = 0;

	*lists = calloc(program->map_count + 1, sizeof(**lists));
	if (!*lists)
		return -ENOMEM;
	for (size_t i = 0; i < program->map_count; i++) {
		size_t at = 0;

		while (at < count && (*lists)[at] != program->maps[i].list)
			at++;
		(*lists)[at] = program->maps[i].list;
		count = at == count ? count + 1 : count;
	}
	return (int)count;
}

/* Symbols and relocations for the maps, and their names. */
static void put_maps(const struct program *program, const int *lists,
		     size_t count, Elf64_Sym *symbols, Elf64_Rel *relocations,
		     struct strbuf *strings)
{
	for (size_t i = 0; i < count; i++) {
		char name[MAPS_NAME];

		maps_put_name(name, lists[i]);
		symbols[2 + i] = (Elf64_Sym){
			.st_name = (uint32_t)strings->length,
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
			.st_shndx = SECTION_MAPS,
			.st_value = i * MAP_BYTES,
			.st_size = MAP_BYTES};
		strbuf_add(strings, name, strlen(name) + 1);
	}
	for (size_t i = 0; i < program->map_count; i++) {
		size_t at = 0;

		while (lists[at] != program->maps[i].list)
			at++;
		relocations[i] = (Elf64_Rel){
			.r_offset =
				program->maps[i].at * sizeof(struct bpf_insn),
			.r_info = ELF64_R_INFO(2 + at, RELOCATE_LOAD)};
	}
}

static int write_btf(struct btf *btf, const struct graph *graph,
		     const struct program *program,
		     const struct classic *classic, const int *lists,
		     size_t maps, struct strbuf *ext)
{
	int function = add_function(btf);
	int status =
		function < 0 ? function : add_maps(btf, graph, lists, maps);

	return status ? status
		      : write_ext(btf, function, program, classic, ext);
}

int object_write(const struct graph *graph, const struct program *program,
		 const struct classic *classic, struct filter_object *object)
{
	struct btf *btf _cleanup_(btf__freep) = btf__new_empty();
	struct strbuf ext _cleanup_(strbuf_free) = STRBUF_INIT;
	struct strbuf strings _cleanup_(strbuf_free) = STRBUF_INIT;
	int *lists _cleanup_free_ = NULL;
	int maps = list_maps(program, &lists);
	size_t count = maps < 0 ? 0 : (size_t)maps;
	Elf64_Sym *symbols _cleanup_free_ = calloc(2 + count, sizeof(*symbols));
	Elf64_Rel *relocations _cleanup_free_ =
		calloc(program->map_count + 1, sizeof(*relocations));
	char *definitions _cleanup_free_ = calloc(count + 1, MAP_BYTES);
	const void *types;
	uint32_t types_size;
	int status;

	*object = (struct filter_object){0};
	if (!btf || maps < 0 || !symbols || !relocations || !definitions)
		return -ENOMEM;
	symbols[1] = (Elf64_Sym){.st_name = name_of(FUNCTION_NAME),
				 .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
				 .st_shndx = SECTION_TEXT,
				 .st_size = program->length *
					    sizeof(struct bpf_insn)};
	strbuf_add(&strings, names, sizeof(names));
	put_maps(program, lists, count, symbols, relocations, &strings);
	status = write_btf(btf, graph, program, classic, lists, count, &ext);
	types = btf__raw_data(btf, &types_size);
	if (status || !types || strings.failed)
		return status ? status : -ENOMEM;

	const struct section sections[] = {
		{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 8, 0, 0, 0,
		 program->code, symbols[1].st_size},
		{".symtab", SHT_SYMTAB, 0, 8, sizeof(Elf64_Sym), SECTION_STRTAB,
		 1, symbols, (2 + count) * sizeof(*symbols)},
		{".strtab", SHT_STRTAB, 0, 1, 0, 0, 0, strings.data,
		 strings.length},
		{".BTF", SHT_PROGBITS, 0, 4, 0, 0, 0, types, types_size},
		{".BTF.ext", SHT_PROGBITS, 0, 4, 0, 0, 0, ext.data, ext.length},
		{".maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 8, 0, 0, 0,
		 definitions, count * MAP_BYTES},
		{".rel.text", SHT_REL, 0, 8, sizeof(Elf64_Rel), SECTION_SYMTAB,
		 SECTION_TEXT, relocations,
		 program->map_count * sizeof(*relocations)},
	};
	return write_sections(sections, ARRAY_SIZE(sections) - (count ? 0 : 2),
			      object);
}

void filter_object_free(struct filter_object *object)
{
	free(object->data);
	*object = (struct filter_object){0};
}
