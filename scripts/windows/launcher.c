/* 文史.exe: starts the window without a console, with whatever was dropped on it.

   The program lies beside it in `python`, and is told to heed neither the modules of the folder somebody stands in nor
   those and the settings of another Python (-I). Windows gives the whole command line; what follows our own name is
   handed on as it is, so that no file name has to be quoted anew. */

#include <windows.h>
#include <shlwapi.h>

#define LONGEST 32768

static const WCHAR START[] =
    L"\" -I -X utf8 -c \"from archive.cli.main import main; main()\" window";

static int failed(const WCHAR *what)
{
    MessageBoxW(NULL, what, L"文史资料库", MB_ICONERROR);
    return 1;
}

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, PWSTR given, int show)
{
    static WCHAR folder[LONGEST], command[LONGEST];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;

    (void)instance, (void)before, (void)show;
    GetModuleFileNameW(NULL, folder, LONGEST);
    PathRemoveFileSpecW(folder);
    if (lstrlenW(folder) + lstrlenW(START) + lstrlenW(given) + 64 > LONGEST)
        return failed(L"拖来的文件太多了，请分几次。");
    lstrcpyW(command, L"\"");
    lstrcatW(command, folder);
    lstrcatW(command, L"\\python\\pythonw.exe");
    lstrcatW(command, START);
    if (*given) {
        lstrcatW(command, L" -- ");
        lstrcatW(command, given);
    }
    if (!CreateProcessW(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &started))
        return failed(L"程序没有启动起来：旁边的 python 文件夹不全。请重新安装，资料库不受影响。");
    CloseHandle(started.hThread);
    CloseHandle(started.hProcess);
    return 0;
}
