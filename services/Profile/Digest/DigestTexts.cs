using System.Text;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Notifications;

namespace Son1kVers3.Profile.Digest;

/// <summary>What a digest says, in the member's language.</summary>
internal static class DigestTexts
{
    public static MailText Of(string language, int unread, IEnumerable<NotificationView> newest, string notificationsLink, string unsubscribeLink)
    {
        var lines = new StringBuilder();
        foreach (var view in newest)
            lines.Append("– ").Append(NotificationTexts.Of(language, view).ReplaceLineEndings(" ")).Append('\n');
        return language == "es"
            ? new($"{unread} {(unread == 1 ? "novedad" : "novedades")} en Son1kVers3", $"¡Hola!\n\n{lines}\nTodo está aquí:\n{notificationsLink}\n\nPara no recibir más este resumen:\n{unsubscribeLink}\n")
            {
                UnsubscribeUrl = unsubscribeLink,
            }
            : new($"{unread} {(unread == 1 ? "thing" : "things")} happened on Son1kVers3", $"Hello!\n\n{lines}\nAll of it is here:\n{notificationsLink}\n\nTo get this digest no more:\n{unsubscribeLink}\n")
            {
                UnsubscribeUrl = unsubscribeLink,
            };
    }

    /// <summary>The page behind the link.</summary>
    public static (string Title, string Question, string Button, string Done) Page(string language) => language == "es"
        ? ("Resumen por correo", "¿Dejar de recibir el resumen diario?", "No recibir más", "Ya no recibirás el resumen. Puedes volver a pedirlo en tus preferencias.")
        : ("E-mail digest", "Stop the daily digest?", "Stop it", "You will get no more digests. Your preferences bring them back.");
}
