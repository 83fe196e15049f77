# SPDX-License-Identifier: Apache-2.0
# tries: make and read XML, HTML, mail, MIME types and URLs

import email
import email.message
import html
import html.parser
import mimetypes
import urllib.parse
import xml.dom.minidom
import xml.etree.ElementTree as ElementTree
import xml.sax.saxutils

root = ElementTree.fromstring('<a><b n="1">x</b><b n="2"/></a>')
assert [b.get('n') for b in root.iter('b')] == ['1', '2']
assert xml.dom.minidom.parseString(ElementTree.tostring(root)).documentElement.tagName == 'a'
assert xml.sax.saxutils.escape('<') == '&lt;' and html.unescape('&auml;') == 'ä'


class Links(html.parser.HTMLParser):
    found = ()

    def handle_starttag(self, tag, attributes):
        self.found += tuple(value for name, value in attributes if name == 'href')


links = Links()
links.feed('<p><a href="x">y</a>')
assert links.found == ('x',)

message = email.message.EmailMessage()
message['Subject'] = 'Grüße'
message.set_content('text\n')
message.add_attachment(b'\0', maintype='application', subtype='octet-stream', filename='a')
again = email.message_from_bytes(bytes(message), policy=email.policy.default)
assert again['Subject'] == 'Grüße' and again.is_multipart()

assert mimetypes.guess_type('a.html')[0] == 'text/html'
print(urllib.parse.urljoin('http://a/b/c', '../d?e=f'))
