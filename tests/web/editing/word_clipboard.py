"""What Word puts on the clipboard, as HTML and as plain text: of paragraphs, a list, a table and a picture.

Written after what Word 2016 for Windows writes: conditional comments, VML for the picture with an image for who knows
none, smart tags, o:p, list marks that are text, mso- styles; and among it what must never run.
"""

from __future__ import annotations

HTML = """\
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns:st1="urn:schemas-microsoft-com:office:smarttags"
xmlns:m="http://schemas.microsoft.com/office/2004/12/omml" xmlns="http://www.w3.org/TR/REC-html40">
<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15">
<meta name=Originator content="Microsoft Word 15">
<link rel=File-List href="file:///C:/Users/ZHANGS~1/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<link rel=Edit-Time-Data href="file:///C:/Users/ZHANGS~1/AppData/Local/Temp/msohtmlclip1/01/clip_editdata.mso">
<!--[if !mso]>
<style>v\\:* {behavior:url(#default#VML);} o\\:* {behavior:url(#default#VML);}
.shape {behavior:url(#default#VML);}</style>
<![endif]-->
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom><w:TrackMoves/>
<w:PunctuationKerning/><w:LidThemeAsian>ZH-CN</w:LidThemeAsian></w:WordDocument></xml><![endif]-->
<o:SmartTagType namespaceuri="urn:schemas-microsoft-com:office:smarttags" name="chsdate"/>
<style>
<!--
 @font-face {font-family:宋体; panose-1:2 1 6 0 3 1 1 1 1 1; mso-font-alt:SimSun; mso-font-charset:134;}
 p.MsoNormal, li.MsoNormal {mso-style-unhide:no; mso-style-qformat:yes; margin:0cm; text-align:justify;
 text-justify:inter-ideograph; mso-pagination:none; font-size:10.5pt; mso-font-kerning:1.0pt;}
 @list l0:level1 {mso-level-number-format:bullet; mso-level-text:\\F0B7; mso-level-tab-stop:none; font-family:Symbol;}
-->
</style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:普通表格; mso-tstyle-rowband-size:0;}
</style><![endif]-->
<script>document.title = "run from the head"</script>
</head>
<body lang=ZH-CN style='tab-interval:21.0pt;text-justify-trim:punctuation' onpaste="document.title = 'run'">
<!--StartFragment-->
<p class=MsoNormal style='text-indent:21.0pt;mso-char-indent-count:2.0'><b style='mso-bidi-font-weight:normal'><span
style='font-family:宋体;mso-ascii-font-family:Calibri;color:red'>水车</span></b><span
style='font-family:宋体'>在<st1:chsdate
w:st="on" IsROCDate="False" IsLunarDate="False" Day="3" Month="5" Year="1956">1956年5月3日</st1:chsdate>修好，<ins
cite="mailto:李四" datetime="2024-05-01T10:00">日夜</ins><del cite="mailto:李四">昼夜</del>不停。<br>
工钱另算。<span lang=EN-US><o:p></o:p></span></span></p>
<p class=MsoNormal><span lang=EN-US><!--[if gte vml 1]><v:shapetype id="_x0000_t75" coordsize="21600,21600" o:spt="75"
path="m@4@5l@4@11@9@11@9@5xe" filled="f" stroked="f"><v:stroke joinstyle="miter"/></v:shapetype><v:shape id="图片_1"
style='width:200pt;height:100pt'><v:imagedata src="file:///C:/Users/ZHANGS~1/Temp/msohtmlclip1/01/clip_image001.png"
o:title=""/></v:shape><![endif]-->
<![if !vml]><img width=267 height=133 onerror="document.title = 'run by the picture'"
src="file:///C:/Users/ZHANGS~1/Temp/msohtmlclip1/01/clip_image002.png" v:shapes="图片_1">
<![endif]><o:p></o:p></span></p>
<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span
lang=EN-US style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span
style='font-family:宋体'>先扎边；<span lang=EN-US><o:p></o:p></span></span></p>
<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span
lang=EN-US style='font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]><a href="javascript:document.title='run by the link'">后扎心。</a><o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
 <tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'><td width=138 valign=top><p class=MsoNormal>年份<o:p></o:p></p></td>
 <td width=138 valign=top><p class=MsoNormal>亩数<o:p></o:p></p></td></tr>
 <tr style='mso-yfti-irow:1;mso-yfti-lastrow:yes'><td width=138><p class=MsoNormal>1958年<o:p></o:p></p></td>
 <td width=138 valign=top><p class=MsoNormal>三百&lt;script&gt;document.title=1&lt;/script&gt;<o:p></o:p></p></td></tr>
</table>
<!--EndFragment-->
</body>
</html>
"""

TEXT = (
    "水车在1956年5月3日修好，日夜不停。\x0b工钱另算。\r\n"
    " \r\n"
    "·\t先扎边；\r\n"
    "·\t后扎心。\r\n"
    "年份\t亩数\r\n"
    "1958年\t三百<script>document.title=1</script>\r\n"
)
"""A line break within a paragraph is a vertical tab, a picture a blank, a table's row a line with tabs."""
