; wenshi-setup.exe, of 64 bits as what it brings: for one user, without the rights of an administrator. Libraries are nobody's business here:
; they lie in the documents of the user, and stay when the program goes.
Target amd64-unicode
!ifdef QUICK
  SetCompress off
!else
  SetCompressor /SOLID lzma
!endif
SetDateSave off
!include MUI2.nsh
!include FileFunc.nsh

Name "文史资料库"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\wenshi"
InstallDirRegKey HKCU "Software\wenshi" "Folder"
BrandingText "文史资料库 ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "文史资料库"
VIAddVersionKey /LANG=2052 "FileDescription" "文史资料库安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "Apache-2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_WELCOMEPAGE_TEXT "这是地方文史资料的档案与全文检索系统。$\r$\n$\r$\n只装给您自己用，不要管理员的权限，不上网，不改别的程序。$\r$\n$\r$\n升级时，资料库先备份再打开；卸载时，资料库原样留下。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\文史.exe"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "只卸载程序。您的资料库（通常在“文档”里的“文史资料库”）原样留下。"
!insertmacro MUI_PAGE_WELCOME
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE RequireOwnFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\wenshi"

; Nothing is replaced half. Windows lets nobody write to a program that runs, though it may be renamed.
!macro RequireClosed un
Function ${un}RequireClosed
  again:
  IfFileExists "$INSTDIR\python\pythonw.exe" 0 closed
  ClearErrors
  FileOpen $0 "$INSTDIR\python\pythonw.exe" a
  IfErrors running
  FileClose $0
  Goto closed
  running:
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "文史资料库正开着。请在它的小窗口里按“停止并退出”，再按“重试”。" /SD IDCANCEL IDRETRY again
  SetErrorLevel 5
  Abort "文史资料库正开着，什么也没有改。"
  closed:
FunctionEnd
!macroend
!insertmacro RequireClosed ""
!insertmacro RequireClosed "un."

; What stands in python is taken away before the new one comes: that must be ours. 文史.exe comes before it and goes after it. On the page, it
; stays there until another folder is chosen.
Function RequireOwnFolder
  IfFileExists "$INSTDIR\python\*.*" 0 own
  IfFileExists "$INSTDIR\文史.exe" own
  MessageBox MB_OK|MB_ICONEXCLAMATION "这个文件夹里有别的程序的文件。请换一个文件夹。" /SD IDOK
  SetErrorLevel 6
  Abort "文件夹里有别的程序的文件，什么也没有改。"
  own:
FunctionEnd

Section "program"
  Call RequireOwnFolder
  Call RequireClosed
  RMDir /r "$INSTDIR\python"
  SetOutPath "$INSTDIR"
  File "${PROGRAM}/文史.exe"
  File /r "${PROGRAM}/*"
!ifndef QUICK
  DetailPrint "正在准备，让以后打开得快……"
  nsExec::Exec '"$INSTDIR\python\python.exe" -I -m compileall -q "$INSTDIR\python\Lib"'
  Pop $0
!endif
  WriteUninstaller "$INSTDIR\卸载.exe"
  CreateShortcut "$SMPROGRAMS\文史资料库.lnk" "$INSTDIR\文史.exe"
  CreateShortcut "$DESKTOP\文史资料库.lnk" "$INSTDIR\文史.exe"
  WriteRegStr HKCU "Software\wenshi" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "文史资料库"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\文史.exe"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\卸载.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\卸载.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

; Only what was installed; a library that somebody put into this folder stays.
Section "un.program"
  Call un.RequireClosed
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\文史.exe"
  Delete "$INSTDIR\wenshi.bat"
  Delete "$INSTDIR\卸载.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\文史资料库.lnk"
  Delete "$DESKTOP\文史资料库.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\wenshi"
SectionEnd
