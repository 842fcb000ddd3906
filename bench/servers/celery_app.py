"""The classic: Flask takes the webhook, Celery hands it to Redis. The delivery's id is the task's."""

import hashlib
import hmac
import json
import os

from celery import Celery
from flask import Flask, request

SECRET = os.environ["WEBHOOK_SECRET"].encode()

queue = Celery("webhooks", broker=f"redis://127.0.0.1:{os.environ['REDIS_PORT']}/0")
queue.conf.task_ignore_result = True


@queue.task(name="push")
def push(event):
    pass


app = Flask(__name__)


@app.post("/webhooks/github")
def take():
    body = request.get_data()
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", ""), expected):
        return {"status": "refused"}, 401
    push.apply_async(args=[json.loads(body)], task_id=request.headers["X-GitHub-Delivery"])
    return {"status": "accepted"}
