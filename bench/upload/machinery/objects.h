/* The sizes of the objects that were stored, by path: some clients look at what they have just sent. */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

enum { OBJECTS = 1 << 16 };

static struct {
  uint64_t name; /* 0: free */
  long long size;
} objects[OBJECTS];
static pthread_mutex_t objects_lock = PTHREAD_MUTEX_INITIALIZER;

/* FNV-1a; never 0. */
static uint64_t name_of(const char *path, size_t length) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)path[i]) * 0x100000001b3u;
  return hash ? hash : 1;
}

/* Linear probing. A table that is full forgets: nobody looks at so many objects. */
static size_t slot_of(uint64_t name) {
  size_t slot = name % OBJECTS;
  for (size_t tries = 0; tries < 64 && objects[slot].name != 0 && objects[slot].name != name; tries++) slot = (slot + 1) % OBJECTS;
  return slot;
}

static void object_add(const char *path, size_t length, unsigned long long size, bool more) {
  uint64_t name = name_of(path, length);
  pthread_mutex_lock(&objects_lock);
  size_t slot = slot_of(name);
  bool known = objects[slot].name == name;
  objects[slot].name = name;
  objects[slot].size = (more && known ? objects[slot].size : 0) + (long long)size;
  pthread_mutex_unlock(&objects_lock);
}

/* -1: there is none. */
static long long object_size(const char *path, size_t length) {
  uint64_t name = name_of(path, length);
  pthread_mutex_lock(&objects_lock);
  size_t slot = slot_of(name);
  long long size = objects[slot].name == name ? objects[slot].size : -1;
  pthread_mutex_unlock(&objects_lock);
  return size;
}
