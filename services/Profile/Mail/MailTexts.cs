namespace Son1kVers3.Profile.Mail;

/// <summary>What the mails say, in the member's language.</summary>
internal static class MailTexts
{
    public static MailText Verify(string language, string link) => language == "es"
        ? new("Confirma tu dirección", $"¡Hola!\n\nConfirma que esta dirección es tuya:\n{link}\n\nEl enlace vale una hora. Si no te has registrado en Son1kVers3, no hagas nada.\n")
        : new("Confirm your address", $"Hello!\n\nConfirm that this address is yours:\n{link}\n\nThe link is good for one hour. If you did not sign up at Son1kVers3, do nothing.\n");

    public static MailText ChangeAddress(string language, string link) => language == "es"
        ? new("Confirma tu nueva dirección", $"¡Hola!\n\nConfirma tu nueva dirección en Son1kVers3:\n{link}\n\nEl enlace vale una hora; hasta entonces sigue valiendo la anterior.\n")
        : new("Confirm your new address", $"Hello!\n\nConfirm your new address at Son1kVers3:\n{link}\n\nThe link is good for one hour; until then your old address counts.\n");

    public static MailText AddressChanged(string language) => language == "es"
        ? new("Tu dirección ha cambiado", "¡Hola!\n\nTu cuenta de Son1kVers3 tiene otra dirección desde ahora. Si no has sido tú, escríbenos enseguida.\n")
        : new("Your address was changed", "Hello!\n\nYour account at Son1kVers3 has another address from now on. If this was not you, write to us at once.\n");

    public static MailText Reset(string language, string link) => language == "es"
        ? new("Elige una contraseña nueva", $"¡Hola!\n\nElige una contraseña nueva:\n{link}\n\nEl enlace vale una hora. Si no lo has pedido, no hagas nada: tu contraseña sigue igual.\n")
        : new("Choose a new password", $"Hello!\n\nChoose a new password:\n{link}\n\nThe link is good for one hour. If you did not ask for it, do nothing: your password stays as it is.\n");

    public static MailText PasswordChanged(string language) => language == "es"
        ? new("Tu contraseña ha cambiado", "¡Hola!\n\nLa contraseña de tu cuenta de Son1kVers3 ha cambiado. Si no has sido tú, pide una nueva ahora mismo.\n")
        : new("Your password was changed", "Hello!\n\nThe password of your account at Son1kVers3 was changed. If this was not you, ask for a new one right now.\n");
}
