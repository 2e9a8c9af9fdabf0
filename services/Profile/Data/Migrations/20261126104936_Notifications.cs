using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Son1kVers3.Profile.Data.Migrations
{
    /// <inheritdoc />
    public partial class Notifications : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "unsubscribe_url",
                table: "outgoing_mails",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "digest_position",
                table: "notification_preferences",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "digested_on",
                table: "notification_preferences",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_digest_at",
                table: "notification_preferences",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<TimeOnly>(
                name: "quiet_from",
                table: "notification_preferences",
                type: "time without time zone",
                nullable: true);

            migrationBuilder.AddColumn<TimeOnly>(
                name: "quiet_to",
                table: "notification_preferences",
                type: "time without time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "time_zone",
                table: "notification_preferences",
                type: "text",
                nullable: false,
                defaultValue: "Etc/UTC");

            migrationBuilder.AddColumn<Guid>(
                name: "unsubscribe_token",
                table: "notification_preferences",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "push_subscriptions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    session_id = table.Column<Guid>(type: "uuid", nullable: false),
                    endpoint = table.Column<string>(type: "text", nullable: false),
                    p256dh = table.Column<string>(type: "text", nullable: false),
                    auth = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_push_subscriptions", x => x.id);
                    table.ForeignKey(
                        name: "fk_push_subscriptions_session_session_id",
                        column: x => x.session_id,
                        principalTable: "sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pending_pushes",
                columns: table => new
                {
                    notification_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subscription_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pending_pushes", x => new { x.notification_id, x.subscription_id });
                    table.ForeignKey(
                        name: "fk_pending_pushes_notifications_notification_id",
                        column: x => x.notification_id,
                        principalTable: "notifications",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_pending_pushes_push_subscriptions_subscription_id",
                        column: x => x.subscription_id,
                        principalTable: "push_subscriptions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_notification_preferences_next_digest_at",
                table: "notification_preferences",
                column: "next_digest_at",
                filter: "next_digest_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_notification_preferences_unsubscribe_token",
                table: "notification_preferences",
                column: "unsubscribe_token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_pending_pushes_next_attempt_at",
                table: "pending_pushes",
                column: "next_attempt_at");

            migrationBuilder.CreateIndex(
                name: "ix_pending_pushes_subscription_id",
                table: "pending_pushes",
                column: "subscription_id");

            migrationBuilder.CreateIndex(
                name: "ix_push_subscriptions_account_id_id",
                table: "push_subscriptions",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_push_subscriptions_endpoint",
                table: "push_subscriptions",
                column: "endpoint",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_push_subscriptions_session_id",
                table: "push_subscriptions",
                column: "session_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "pending_pushes");

            migrationBuilder.DropTable(
                name: "push_subscriptions");

            migrationBuilder.DropIndex(
                name: "ix_notification_preferences_next_digest_at",
                table: "notification_preferences");

            migrationBuilder.DropIndex(
                name: "ix_notification_preferences_unsubscribe_token",
                table: "notification_preferences");

            migrationBuilder.DropColumn(
                name: "unsubscribe_url",
                table: "outgoing_mails");

            migrationBuilder.DropColumn(
                name: "digest_position",
                table: "notification_preferences");

            migrationBuilder.DropColumn(
                name: "digested_on",
                table: "notification_preferences");

            migrationBuilder.DropColumn(
                name: "next_digest_at",
                table: "notification_preferences");

            migrationBuilder.DropColumn(
                name: "quiet_from",
                table: "notification_preferences");

            migrationBuilder.DropColumn(
                name: "quiet_to",
                table: "notification_preferences");

            migrationBuilder.DropColumn(
                name: "time_zone",
                table: "notification_preferences");

            migrationBuilder.DropColumn(
                name: "unsubscribe_token",
                table: "notification_preferences");
        }
    }
}
