from django.urls import path

from handsel.mail import views

app_name = "mail"
_MAIL = "b/<slug:slug>/mail"
_CONVERSATION = f"{_MAIL}/conversations/<uuid:conversation_id>"
_REPLY = f"{_MAIL}/replies/<uuid:reply_id>"
urlpatterns = [
    path(f"{_MAIL}/", views.inbox, name="inbox"),
    path(f"{_MAIL}/mailboxes/", views.mailboxes, name="mailboxes"),
    path(f"{_MAIL}/mailboxes/<uuid:mailbox_id>/", views.mailbox, name="mailbox"),
    path(f"{_MAIL}/imports/<uuid:import_id>/", views.mail_import, name="import"),
    path(f"{_MAIL}/kinds/", views.kinds, name="kinds"),
    path(f"{_MAIL}/kinds/words/", views.kind_words, name="kind_words"),
    path(f"{_MAIL}/kinds/<uuid:kind_id>/", views.kind, name="kind"),
    path(f"{_MAIL}/kinds/<uuid:kind_id>/name/", views.kind_name, name="kind_name"),
    path(f"{_CONVERSATION}/", views.conversation, name="conversation"),
    path(f"{_CONVERSATION}/closure/", views.closure, name="closure"),
    path(f"{_CONVERSATION}/question/", views.question, name="question"),
    path(f"{_MAIL}/messages/<uuid:message_id>/shown/", views.shown, name="shown"),
    path(f"{_MAIL}/messages/<uuid:message_id>/original/", views.original, name="original"),
    path(f"{_MAIL}/attachments/<uuid:attachment_id>/", views.attachment, name="attachment"),
    path(f"{_MAIL}/replies/", views.review, name="review"),
    path(f"{_REPLY}/", views.reply, name="reply"),
    path(f"{_REPLY}/decision/", views.decision, name="decision"),
    path(f"{_REPLY}/practice/", views.practice, name="practice"),
    path(f"{_REPLY}/discard/", views.discarding, name="discard"),
    path(f"{_REPLY}/settlement/", views.settlement, name="settlement"),
]
