/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `data`: the tables, and how they are read. */
#include "audit/loader.h"

#include <string.h>

/* The options that a table may have; every command knows them. */
static const char *const reading[] = {"missing", "delimiter", "decimal", "table",
                                      "query"};

enum { READING = sizeof reading / sizeof *reading };

static void take_options(mtp_loader *loader, const mtp_yaml *const given[READING],
                         mtp_file_data *table)
{
    mtp_file_option *option = MTP_LOADER_ARRAY(loader, READING, mtp_file_option);
    mtp_request *request = NULL;
    mtp_error err;

    if (!option || mtp_request_new(MTP_COMMAND_POOL, &request, &err) != MTP_OK) {
        loader->no_memory = true;
        return;
    }
    for (size_t i = 0; i < READING; i++) {
        if (!given[i]) {
            continue;
        }
        if (mtp_request_set(request, reading[i], given[i]->text, &err) != MTP_OK) {
            mtp_loader_pass_on(loader, given[i]->place, "", &err);
            continue;
        }
        option[table->n_options++] = (mtp_file_option){
            reading[i], mtp_loader_text(loader, given[i]), given[i]->place};
    }
    table->options = option;
    mtp_request_free(request);
}

static void take_table(mtp_loader *loader, const mtp_yaml *key, mtp_file_data *table)
{
    const mtp_yaml *file, *sha256, *given[READING];
    mtp_key keys[2 + READING] = {{"file", MTP_WANT_TEXT, true, &file},
                                 {"sha256", MTP_WANT_TEXT, false, &sha256}};

    for (size_t i = 0; i < READING; i++) {
        keys[2 + i] = (mtp_key){reading[i], MTP_WANT_TEXT, false, &given[i]};
    }
    *table = (mtp_file_data){.name = key->text, .place = key->place};
    if (!mtp_loader_keys(loader, key->next, "a table of 'data'", 2 + READING, keys)) {
        return;
    }
    if (file && mtp_loader_check_file(loader, file)) {
        table->file = file->text;
    }
    table->sha256 = mtp_loader_sha256(loader, sha256);
    take_options(loader, given, table);
}

void mtp_loader_data(mtp_loader *loader, const mtp_yaml *node)
{
    mtp_file_data *table;
    size_t n = 0;

    if (node->count == 0 || node->count > MTP_FILE_TABLES) {
        mtp_loader_complain(loader, node->place, "'data' has %s",
                            node->count == 0 ? "no table" : "more than 1000 tables");
        return;
    }
    table = MTP_LOADER_ARRAY(loader, node->count, mtp_file_data);
    if (!table) {
        return;
    }
    for (const mtp_yaml *key = node->first; key; key = key->next->next) {
        take_table(loader, key, &table[n++]);
    }
    loader->file->data = table;
    loader->file->n_data = n;
}
