/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/notes.h"

#include <string.h>

static const struct {
    const char *id;
    mtp_severity severity;
} registry[MTP_NOTE_COUNT] = {
#define NOTE_ROW(name, id, severity) [name] = {id, severity},
    MTP_NOTE_LIST(NOTE_ROW)
#undef NOTE_ROW
};

const char *mtp_note_id(mtp_note_code code)
{
    return (unsigned)code < MTP_NOTE_COUNT ? registry[code].id : "unknown";
}

void mtp_note_list_init(mtp_note_list *list, mtp_arena *arena)
{
    *list = (mtp_note_list){.arena = arena};
}

static mtp_note *next_note(mtp_note_list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        mtp_note *item = MTP_ARENA_ARRAY(list->arena, capacity, mtp_note);

        if (!item) {
            list->failed = true;
            return NULL;
        }
        if (list->count) {
            memcpy(item, list->item, list->count * sizeof *item);
        }
        list->item = item;
        list->capacity = capacity;
    }
    return &list->item[list->count++];
}

static void add_text(mtp_note_list *list, mtp_note_code code, size_t row,
                     const char *text)
{
    mtp_note *note = text ? next_note(list) : NULL;

    if (!note) {
        list->failed = true;
        return;
    }
    *note = (mtp_note){code, registry[code].severity, row, text};
}

void mtp_note_add(mtp_note_list *list, mtp_note_code code, size_t row,
                  const char *format, ...)
{
    va_list args;

    if (!list) {
        return;
    }
    va_start(args, format);
    add_text(list, code, row, mtp_arena_vprintf(list->arena, format, args));
    va_end(args);
}

void mtp_note_add_all(mtp_note_list *list, const mtp_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const mtp_note *note = &notes->item[i];

        add_text(list, note->code, note->row,
                 mtp_arena_strdup(list->arena, note->text));
    }
}

mtp_notes mtp_note_list_done(const mtp_note_list *list)
{
    return (mtp_notes){list->count, list->item};
}
