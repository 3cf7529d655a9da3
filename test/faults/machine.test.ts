import { chapters } from "./matrix.ts";
import { playChapter } from "./play-chapter.ts";

playChapter(chapters.machine);
