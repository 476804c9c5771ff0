@echo off
rem Installs wenshi from this folder, without internet: install.bat [FOLDER]. Needs Python, nothing else.
rem ASCII only: cmd reads a batch file in the console's code page. Messages come from install.py and no-python.txt.
setlocal
chcp 65001 >nul
set "PYTHONUTF8=1"
set "PY="
for %%v in (@VERSIONS@) do (
    if not defined PY py -%%v -c "import venv" >nul 2>nul && set "PY=py -%%v"
)
if not defined PY python -c "import venv" >nul 2>nul && set "PY=python"
if not defined PY goto nopython
%PY% "%~dp0install.py" %*
set "CODE=%errorlevel%"
goto end
:nopython
type "%~dp0no-python.txt"
set "CODE=1"
:end
pause
exit /b %CODE%
