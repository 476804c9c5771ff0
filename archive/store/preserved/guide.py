"""The page of documentation that lies in the folder itself, for who has nothing else."""

GUIDE_NAME = "说明.txt"

GUIDE = """\
这个文件夹里是什么，怎样读出来
==============================

这里存着一个文史资料库的全部文章（每一版）、收入时的原件、图片、著录、审稿和改动的经过。
不需要任何专门的程序：文字是 UTF-8 的文本文件，著录是 JSON，经过是 XML，原件就是当年交来的文件。

一、怎样找到一篇文章
1. 最大的目录在名为“{library}”的文件夹里（用文件管理器搜索这个名称）。
2. 打开其中的 inventory.json（文本编辑器就能打开）。“head” 写着最新的一次，例如 v3；“versions” 里 v3 的 “state”
   列出这一次有哪些文件，每个文件前面的一长串是它的校验码（SHA-512）；“manifest” 写着这个校验码的内容存在哪里，
   例如 v1/content/目录.csv。
3. 照这样找到“目录.csv”，用表格软件打开：每行一篇，写着编号、题名、文集、状态和它所在的文件夹。
4. 到那个文件夹里，再照第 2 步看它的 inventory.json。

二、一篇文章的文件夹里有什么
  versions/1.txt、2.txt …   第 1 版、第 2 版 …… 的文字，一段隔一个空行
  versions/1.json …         同一版的全部著录：moment 何时存入（协调世界时），who 谁，reason 为什么；people 作者；
                            date_start、date_end 成文日期（儒略日数，Julian day number），date_written 原文写法；
                            source 出处；original 原件的校验码（SHA-256）；digest 是 blocks 的校验码（SHA-256，
                            紧凑写法的 JSON，UTF-8）；blocks 是分段的文字：k 是种类（title 题名、heading 小标题、
                            paragraph 正文、note 注释、cell 表格、figure 图、caption 图说 ……），t 是文字；
                            有格式时改用 r，每项的第一个是文字
  article.json              articles 是它属于哪个文集、状态、公开程度；mentions 是文字里读出的日期；
                            date_decisions 是编辑对日期的订正
  premis.xml                经过：收入、更正、状态的改变、审稿的意见（PREMIS 3，美国国会图书馆的标准）
  pictures/                 文章里的图片，名称是它的 SHA-256

三、原件
名称里有 original 的文件夹，一份原件一个：original.json 写着它当年的文件名和 SHA-256，旁边就是原件。

四、其余
“{library}”里的 tables/ 是其余各表（文集、收稿、书稿、卡片、人物地名、登记簿、操作日志 ……），每行一条，JSON；
tables/tables.json 写着每张表有多少行、SHA-256 是多少（文章的四张表也在内）。own/ 是本单位自己的词表、时期、样式、字体。
没有写在这里的：登录的账号和密码、投稿人的电话、账号和证件号码。

五、存放的办法
这是 OCFL 1.1（Oxford Common File Layout，https://ocfl.io/1.1/spec/）的存储根。已经写下的内容从不改动，新的一次只加
一个 v2、v3 …… 文件夹。按规定清除的文章例外：它连同以前各次一起删去。
要核对有没有损坏：算出每个文件的 SHA-512，与 inventory.json 里的比较；ocfl-py 等现成的程序会做这件事。
如果外面一层有 bagit.txt，整个文件夹又是一个 BagIt 包（RFC 8493），manifest-sha512.txt 列着每个文件的校验码。

六、用文史读回来
  wenshi --library 新的文件夹 preserve --restore 这个文件夹
"""
