@echo off
rem Runs the jmoco command line on Windows, from a jar that is built: mvn -B -DskipTests package
rem   JMOCO_JAVA_HOME   the JDK or JRE 25 to use; else JAVA_HOME, else the java of the path
rem   JMOCO_JAVA_OPTS   further JVM flags, e.g. -Xmx8g
rem It keeps no classes for later starts as ./jmoco does, so that help takes about twice as long.
setlocal
set "here=%~dp0"
set "jar=%here%moco\target\jmoco.jar"
if not exist "%jar%" (
    echo jmoco: %jar% is missing: build it with mvn -B -DskipTests package 1>&2
    exit /b 1
)
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
if defined JMOCO_JAVA_HOME set "java=%JMOCO_JAVA_HOME%\bin\java"
"%java%" "@%here%launch\jvm.args" -XX:+UseParallelGC -XX:MaxNewSize=128m %JMOCO_JAVA_OPTS% -jar "%jar%" %*
exit /b %ERRORLEVEL%
