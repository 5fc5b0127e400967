/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of analyses: inherited, overridden, and checked by the registry. */
#include "analysis/options.h"
#include "audit/load_analyses.h"

#include <string.h>

/* Options of the command line that have no place in a file. */
static const char *refused(const char *name, bool is_plot)
{
    static const struct {
        const char *name, *why;
    } outside[] = {
        {"output", "files are named after their analysis, in the folder that "
                   "'metapool run -o' names"},
        {"gosh-output", "files are named after their analysis"},
        {"color", "it is of the terminal"},
        {"quiet", "it is given to 'metapool run'"},
        {"verbose", "it is given to 'metapool run'"},
        {"strict", "it is given to 'metapool run'"},
    };

    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        if (strcmp(outside[i].name, name) == 0) {
            return outside[i].why;
        }
    }
    return strcmp(name, "format") == 0 && !is_plot
               ? "every format is written; only a plot has one of svg, pdf, png, csv "
                 "and json"
               : NULL;
}

static bool is_option(const char *name)
{
    return mtp_option_find((mtp_command)0, name) < MTP_OPT_COUNT;
}

/* Whether a command takes several values of an option; true where nobody knows. */
static bool is_repeatable(mtp_command command, const char *name)
{
    mtp_option_index index = mtp_option_find(command, name);

    return command == 0 || index == MTP_OPT_COUNT ||
           mtp_option_get(index)->kind == MTP_VALUE_LIST;
}

typedef struct entries {
    mtp_option_entry *item;
    size_t n;
} entries;

static void add(mtp_loader *loader, entries *list, const mtp_yaml *key,
                const mtp_yaml *value)
{
    if (value->kind != MTP_YAML_TEXT ||
        (mtp_yaml_is_null(value) && value != key->next)) {
        mtp_loader_complain(loader, value->place,
                            "the option '%s' takes a text, not %s", key->text,
                            mtp_yaml_kind_name(value));
        return;
    }
    if (list->n == MTP_FILE_OPTIONS) {
        mtp_loader_complain(loader, value->place,
                            "an analysis has more than %d values of options",
                            (int)MTP_FILE_OPTIONS);
    }
    if (list->n < MTP_FILE_OPTIONS) {
        const char *text =
            mtp_yaml_is_null(value) ? NULL : mtp_loader_text(loader, value);

        list->item[list->n++] =
            (mtp_option_entry){{key->text, text, key->place}, value->place};
    }
}

static void add_own(mtp_loader *loader, const mtp_analysis_draft *d, entries *list)
{
    const mtp_yaml *key = d->options ? d->options->first : NULL;

    for (; key; key = key->next->next) {
        const mtp_yaml *value = key->next;

        if (value->kind != MTP_YAML_SEQUENCE) {
            add(loader, list, key, value);
        } else if (!is_repeatable(mtp_draft_command(d), key->text)) {
            mtp_loader_complain(loader, value->place,
                                "the option '%s' takes one value, not a sequence",
                                key->text);
        } else {
            for (const mtp_yaml *item = value->first; item; item = item->next) {
                add(loader, list, key, item);
            }
        }
    }
}

static bool gives(const mtp_analysis_draft *d, const char *name)
{
    const mtp_yaml *key = d->options ? d->options->first : NULL;

    while (key && strcmp(key->text, name) != 0) {
        key = key->next->next;
    }
    return key != NULL;
}

static size_t count_own(const mtp_analysis_draft *d)
{
    const mtp_yaml *key = d->options ? d->options->first : NULL;
    size_t n = 0;

    for (; key; key = key->next->next) {
        n += key->next->kind == MTP_YAML_SEQUENCE ? key->next->count : 1;
    }
    return n;
}

void mtp_draft_merge_options(mtp_loader *loader, mtp_analysis_draft *draft)
{
    size_t inherited = draft->parent ? draft->parent->n : 0;
    entries list = {
        MTP_LOADER_ARRAY(loader, inherited + count_own(draft), mtp_option_entry), 0};

    if (!list.item) {
        return;
    }
    for (size_t i = 0; i < inherited; i++) {
        const mtp_option_entry *entry = &draft->parent->entry[i];

        if (entry->option.value && !gives(draft, entry->option.name)) {
            list.item[list.n++] = *entry;
        }
    }
    draft->entry = list.item;
    add_own(loader, draft, &list);
    draft->n = list.n;
}

static bool is_own(const mtp_analysis_draft *d, const mtp_option_entry *entry)
{
    return gives(d, entry->option.name);
}

/* An inherited option is known to be right where the parent's command is the same. */
static bool was_checked(const mtp_analysis_draft *d, const mtp_option_entry *entry)
{
    return !is_own(d, entry) && mtp_draft_command(d->parent) == mtp_draft_command(d);
}

static void complain(mtp_loader *loader, const mtp_analysis_draft *d,
                     const mtp_option_entry *entry, mtp_place place,
                     const char *message)
{
    if (is_own(d, entry)) {
        mtp_loader_complain(loader, place, "analysis '%s': %s", d->key->text, message);
    } else {
        mtp_loader_complain(loader, d->extends->place,
                            "analysis '%s' has the option of line %zu: %s; '%s: null' "
                            "among its options takes it back",
                            d->key->text, entry->option.place.line, message,
                            entry->option.name);
    }
}

/* Without a command only the name can be looked at. */
static void check_name(mtp_loader *loader, const mtp_analysis_draft *d,
                       const mtp_option_entry *entry)
{
    const char *names[MTP_OPT_COUNT + 1] = {NULL};

    if (is_option(entry->option.name) || !is_own(d, entry)) {
        return;
    }
    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        names[i] = mtp_option_get((mtp_option_index)i)->name;
    }
    mtp_loader_complain(loader, entry->option.place,
                        "analysis '%s': no command has an option --%s%s", d->key->text,
                        entry->option.name,
                        mtp_loader_suggest(loader, entry->option.name, names));
}

static void check_entry(mtp_loader *loader, const mtp_analysis_draft *d,
                        const mtp_option_entry *entry, mtp_request *request)
{
    const char *name = entry->option.name, *value = entry->option.value;
    const char *why = refused(name, d->is_plot);
    mtp_option_index index = mtp_option_find(request->command, name);
    bool there = index < MTP_OPT_COUNT &&
                 (mtp_option_get(index)->commands & (unsigned)request->command) != 0;
    mtp_error err;

    if (why) {
        mtp_error told;

        (void)mtp_fail(&told, MTP_E_DATA, "--%s is not for analysis files: %s", name,
                       why);
        complain(loader, d, entry, entry->option.place, told.message);
        return;
    }
    if (!value) { /* taking back what the command does not even know is its use */
        check_name(loader, d, entry);
        return;
    }
    if (mtp_request_set(request, name, value, &err) == MTP_OK) {
        return;
    }
    if (err.status == MTP_E_NOMEM) {
        loader->no_memory = true;
    } else {
        complain(loader, d, entry, there ? entry->at_value : entry->option.place,
                 err.message);
    }
}

static void check_format(mtp_loader *loader, const mtp_analysis_draft *d,
                         const mtp_option_entry *entry)
{
    const char *value = entry->option.value;

    if (d->is_plot && value && strcmp(entry->option.name, "format") == 0 &&
        is_own(d, entry) &&
        (strcmp(value, "text") == 0 || strcmp(value, "markdown") == 0 ||
         strcmp(value, "html") == 0)) {
        complain(loader, d, entry, entry->at_value,
                 "a plot has svg, pdf, png, csv and json");
    }
}

void mtp_draft_check_options(mtp_loader *loader, const mtp_analysis_draft *draft)
{
    mtp_command command = mtp_draft_command(draft);
    mtp_request *request = NULL;
    mtp_error err;

    if (command != 0 && mtp_request_new(command, &request, &err) != MTP_OK) {
        loader->no_memory = true;
        return;
    }
    for (size_t i = 0; i < draft->n; i++) {
        const mtp_option_entry *entry = &draft->entry[i];

        if (command == 0) {
            check_name(loader, draft, entry);
        } else if (!was_checked(draft, entry)) {
            check_entry(loader, draft, entry, request);
            check_format(loader, draft, entry);
        }
    }
    mtp_request_free(request);
}
